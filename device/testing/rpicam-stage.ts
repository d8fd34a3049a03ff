import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const standIn = fileURLToPath(new URL('./rpicam-stand-in.mjs', import.meta.url));

/** What a Pi with a Camera Module 3 Wide answers. */
export const cameraModule3 = [
  'Available cameras',
  '-----------------',
  '0 : imx708_wide [4608x2592 10-bit RGGB] (/base/soc/i2c0mux/i2c@1/imx708@1a)',
  "    Modes: 'SRGGB10_CSI2P' : 1536x864 [120.13 fps - (768, 432)/3072x1728 crop]",
  '                             2304x1296 [56.03 fps - (0, 0)/4608x2592 crop]',
  '                             4608x2592 [14.35 fps - (0, 0)/4608x2592 crop]',
  '',
  '',
].join('\n');

/** The real one: it is ours. */
const raspistill = fileURLToPath(new URL('../../image/raspistill', import.meta.url));

export interface RpicamStage {
  /** Holds the stand-ins by the real programs' names. */
  programs: string;
  /** Holds something by the name of the stage's library. */
  stageLibraries: string;
  /** Our raspistill, finding the stand-in for rpicam-still. */
  raspistillPath: string;
  /** The device tree's word for which Pi it is. */
  compatibleFile: string;
  behave(behaviour: object): Promise<void>;
  close(): Promise<void>;
}

/** A Raspberry Pi 4 with one camera, as far as programs go: all of it stand-ins. */
export async function openRpicamStage(behaviour: object = {}): Promise<RpicamStage> {
  const folder = await mkdtemp(join(tmpdir(), 'rpicam-stand-in-'));
  const programs = join(folder, 'bin');
  const stageLibraries = join(folder, 'stages');
  await Promise.all([mkdir(programs), mkdir(stageLibraries)]);
  const behave = async (now: object) => {
    // Whole or not at all: the stand-in reads it again and again.
    await writeFile(join(folder, 'behaviour.new'), JSON.stringify({ cameras: cameraModule3, ...now }));
    await rename(join(folder, 'behaviour.new'), join(folder, 'behaviour.json'));
  };
  await behave(behaviour);
  await writeFile(join(stageLibraries, 'kerberos-luma.so'), '');
  const compatibleFile = join(folder, 'compatible');
  await writeFile(compatibleFile, 'raspberrypi,4-model-b\0brcm,bcm2711\0');
  for (const name of ['hello', 'vid', 'still']) {
    const path = join(programs, `rpicam-${name}`);
    await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' '${folder}' ${name} "$@"\n`);
    await chmod(path, 0o755);
  }
  const raspistillPath = join(programs, 'raspistill');
  await writeFile(raspistillPath, `#!/bin/sh\nPATH='${programs}':$PATH exec '${raspistill}' "$@"\n`);
  await chmod(raspistillPath, 0o755);
  return { raspistillPath, programs, stageLibraries, compatibleFile, behave, close: () => rm(folder, { recursive: true, force: true }) };
}
