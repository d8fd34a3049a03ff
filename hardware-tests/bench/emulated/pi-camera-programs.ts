import { join } from 'node:path';
import { build } from 'vite';

/** Camera Module 1, the one with the smallest sensor: its stills are as much as an emulated processor can draw. */
const cameras = [
  'Available cameras',
  '-----------------',
  '0 : ov5647 [2592x1944 10-bit GBRG] (/base/soc/i2c0mux/i2c@1/ov5647@36)',
  "    Modes: 'SGBRG10_CSI2P' : 640x480 [58.92 fps - (16, 0)/2560x1920 crop]",
  '                             1296x972 [46.34 fps - (0, 0)/2592x1944 crop]',
  '                             1920x1080 [32.81 fps - (348, 434)/1928x1080 crop]',
  '                             2592x1944 [15.63 fps - (0, 0)/2592x1944 crop]',
  '',
  '',
].join('\n');

/** Where the container finds them, by the names of the real programs. */
export const piCameraFolder = '/bench';

/** The tests' stand-in for the programs of a Pi camera, as files for {@link piCameraFolder}: as strict with options, and what it gives is real H.264. */
export async function piCameraPrograms(projectRoot: string): Promise<Record<string, string>> {
  const standIn = await inOneFile(join(projectRoot, 'device/testing/rpicam-stand-in.mjs'));
  const names = ['hello', 'vid', 'still'];
  const wrapper = (name: string) => `#!/bin/sh\nexec node ${piCameraFolder}/rpicam.mjs ${piCameraFolder} ${name} "$@"\n`;
  return {
    'rpicam.mjs': standIn,
    'behaviour.json': JSON.stringify({ cameras }),
    ...Object.fromEntries(names.map((name) => [`rpicam-${name}`, wrapper(name)])),
  };
}

async function inOneFile(file: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    build: { ssr: file, write: false, target: 'node24', minify: false },
  });
  const outputs = 'output' in built ? built.output : [];
  const [chunk] = outputs;
  if (chunk?.type !== 'chunk' || outputs.length > 1) throw new Error(`${file} is not one file when it is built`);
  return chunk.code;
}
