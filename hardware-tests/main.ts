import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench/bench.ts';
import { type Board, boards, ownBoard } from './bench/emulated/board.ts';
import { boxOfImage } from './bench/emulated/box.ts';
import { boxOfThisSystem } from './bench/emulated/box-of-this-system.ts';
import { clipFor, crossingClipFor } from './bench/emulated/clip.ts';
import { EmulatedBench } from './bench/emulated/emulated-bench.ts';
import { piCameraPrograms } from './bench/emulated/pi-camera-programs.ts';
import { RealBench } from './bench/real/real-bench.ts';
import { table } from './results.ts';
import { runSuites } from './run-suites.ts';
import { soak } from './soak/soak.ts';
import { bootsToPortal } from './suites/boots-to-portal.ts';
import { brokenVolume } from './suites/broken-volume.ts';
import { cardFailed } from './suites/card-failed.ts';
import { clock } from './suites/clock.ts';
import { diskFull } from './suites/disk-full.ts';
import { lights } from './suites/lights.ts';
import { nameOnNetwork } from './suites/name-on-network.ts';
import { networkLost } from './suites/network-lost.ts';
import { piCamera } from './suites/pi-camera.ts';
import { pins } from './suites/pins.ts';
import { powerCut } from './suites/power-cut.ts';
import { releasesSuite } from './suites/releases.ts';
import { setupByAccessPoint } from './suites/setup-by-access-point.ts';
import type { Suite } from './suites/suite.ts';
import { usbCamera } from './suites/usb-camera.ts';
import { usbDisk } from './suites/usb-disk.ts';
import { watchdog } from './suites/watchdog.ts';

const root = join(import.meta.dirname, '..');
const all: readonly Suite[] = [
  bootsToPortal,
  brokenVolume,
  clock,
  piCamera,
  usbCamera,
  pins,
  lights,
  watchdog,
  releasesSuite,
  nameOnNetwork,
  setupByAccessPoint,
  networkLost,
  cardFailed,
  diskFull,
  usbDisk,
  powerCut,
];
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** `main.ts emulated|real [options]`, as `scripts/bench-hardware --help` says; status 1 when a suite failed. */
async function main([kind, ...args]: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '25' },
      soak: { type: 'string' },
      host: { type: 'string', default: 'kerberos.local' },
      user: { type: 'string', default: '' },
      wired: { type: 'boolean', default: false },
      'this-system': { type: 'boolean', default: false },
      arch: { type: 'string', default: ownBoard.architecture },
    },
  });
  const { only } = values;
  const chosen = all.filter(({ name }) => only === undefined || only.some((word) => name.includes(word)));
  const suites = values.soak === undefined ? chosen : [soak(Number(values.soak))];
  const bench = kind === 'real' ? realBench(values) : await emulatedBench(boardCalled(values.arch), values['this-system']);
  try {
    const results = await runSuites(bench, suites, { rounds: Number(values.rounds), say });
    const text = table(bench, results);
    mkdirSync(join(root, 'bench'), { recursive: true });
    writeFileSync(join(root, `bench/hardware-${kind}.md`), text);
    process.stdout.write(text);
    return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
  } finally {
    await bench.close();
  }
}

function boardCalled(architecture: string): Board {
  const board = Object.values(boards).find((known) => known.architecture === architecture);
  if (!board) throw new Error(`There is no emulated computer "${architecture}". Use one of: ${Object.keys(boards).join(', ')}.`);
  return board;
}

async function emulatedBench(board: Board, isThisSystem: boolean): Promise<Bench> {
  if (isThisSystem && board !== ownBoard) throw new Error('This very system boots on a computer of its own architecture only.');
  const keptFolder = join(root, 'build/bench');
  const files = { 'clip.mp4': await clipFor(keptFolder), 'crossing.mp4': await crossingClipFor(keptFolder) };
  const box = isThisSystem ? boxOfThisSystem(root) : await boxOfImage(root, board.architecture, keptFolder);
  return EmulatedBench.open({ board, keptFolder, box, files, piCamera: () => piCameraPrograms(root), buildsDrivers: !isThisSystem });
}

function realBench({ host, user, wired }: { host: string; user: string; wired: boolean }): Bench {
  return new RealBench({ host, sshPort: 22_222, isWired: wired, owner: { username: user, password: readFileSync(0, 'utf8').trimEnd() } });
}

process.exitCode = await main(process.argv.slice(2));
