import { rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { type Cameras, startCameras } from '../stage/cameras.ts';
import { deviceWith, ownWriteFigure, recordedBytes, seconds } from '../stage/device-under-test.ts';
import { footage, mainFramesPerSecond, type SceneName, subFramesPerSecond } from '../stage/footage.ts';
import type { Mount } from '../stage/played-stream.ts';
import { memoryOf, used } from '../stage/process-tree.ts';
import { Rival } from '../stage/rival.ts';
import type { Bench } from './part.ts';

/** `record`: no detection. `main`: detection on the main stream's key pictures. `sub`: on the sub-stream's. */
export type Way = 'record' | 'main' | 'sub' | 'motion';

export interface CpuFigure {
  way: Way;
  scene: SceneName;
  cameras: number;
  seconds: number;
  /** Of the whole process tree, for each minute of one camera's video. */
  cpuSecondsPerCameraMinute: number;
  /** Of these by the one process that all cameras share. */
  ofTheOneProcess: number;
  memoryPerCameraBytes: number;
  memoryBytes: number;
  memoryOfTheOneProcessBytes: number;
  processes: number;
  writtenBytes: number;
  /** Video that was kept in the same time. */
  videoBytes: number;
  ownWrittenPerVideoByte: number | null;
  /** Processor time of everything on the machine, in cores. */
  machineBusyCores: number;
  loadAverage: number;
}

interface Case {
  way: Way;
  scene: SceneName;
  cameras: number;
}

/** Until what happens once is over: probing, learning the background, compiling, and taking the memory that is then used again and again. */
const warmUpSeconds = 40;

const idle = (cameras: number, ways: readonly Way[]): Case[] => ways.map((way) => ({ way, scene: 'idle', cameras }));
const busy = (cameras: number, ways: readonly Way[]): Case[] => ways.map((way) => ({ way, scene: 'busy', cameras }));

const cases: readonly Case[] = [
  ...idle(1, ['record', 'main', 'sub', 'motion']),
  ...idle(4, ['record', 'main', 'sub', 'motion']),
  ...busy(4, ['main', 'sub', 'motion']),
  ...idle(8, ['main', 'sub', 'motion']),
  ...idle(16, ['main']),
];

function mounts(scene: SceneName, files: { main: string; sub: string }, count: number): Mount[] {
  return Array.from({ length: count }, (_, index): Mount[] => [
    { path: `/${scene}-${index}`, file: files.main, framesPerSecond: mainFramesPerSecond, play: 'loop', aheadFrames: index * 14 },
    { path: `/${scene}-${index}-sub`, file: files.sub, framesPerSecond: subFramesPerSecond, play: 'loop', aheadFrames: index * 7 },
  ]).flat();
}

/** A case that fails is told and left out. */
export async function measureCpu(bench: Bench): Promise<CpuFigure[]> {
  const figures: CpuFigure[] = [];
  for (const one of cases) {
    try {
      const figure = await measureCase(bench, one);
      figures.push(figure);
      bench.say(
        `${one.way.padEnd(7)} ${one.scene} ${String(one.cameras).padStart(2)}: ${figure.cpuSecondsPerCameraMinute.toFixed(2)} s/min ` +
          `(${figure.ofTheOneProcess.toFixed(2)} in the one process), ${(figure.memoryPerCameraBytes / 1e6).toFixed(0)} MB a camera, ` +
          `machine ${figure.machineBusyCores.toFixed(2)} cores, load ${figure.loadAverage.toFixed(1)}`,
      );
    } catch (error) {
      bench.say(`${one.way} ${one.scene} ${one.cameras} could not be measured: ${String(error)}`);
    }
  }
  return figures;
}

async function measureCase(bench: Bench, one: Case): Promise<CpuFigure> {
  const cameras = await startCameras(mounts(one.scene, await footage(bench.footage, one.scene), one.cameras));
  const folder = join(bench.scratch, `${one.way}-${one.scene}-${one.cameras}`);
  try {
    return one.way === 'motion' ? await ofRival(bench, one, cameras, folder) : await ofDevice(bench, one, cameras, folder);
  } finally {
    await cameras.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function ofDevice(bench: Bench, one: Case, cameras: Cameras, folder: string): Promise<CpuFigure> {
  const watched = Array.from({ length: one.cameras }, (_, index) => {
    const path = `/${one.scene}-${index}`;
    const sub = one.way === 'sub' ? { subUrl: cameras.url(`${path}-sub`) } : {};
    return { name: `Camera ${index}`, url: cameras.url(path), detects: one.way !== 'record', ...sub };
  });
  const { device } = await deviceWith(folder, watched);
  try {
    const figure = await observe(bench, one, device.pid, () => recordedBytes(device));
    return { ...figure, ownWrittenPerVideoByte: await ownWriteFigure(device) };
  } finally {
    await device.end('SIGTERM');
  }
}

async function ofRival(bench: Bench, one: Case, cameras: Cameras, folder: string): Promise<CpuFigure> {
  const names = Array.from({ length: one.cameras }, (_, index) => ({ name: `camera${index}`, url: cameras.url(`/${one.scene}-${index}`) }));
  const rival = await Rival.start(folder, names);
  try {
    return await observe(bench, one, rival.pid, () => rival.movieBytes());
  } finally {
    await rival.stop();
  }
}

async function observe(bench: Bench, one: Case, pid: number, videoBytes: () => Promise<number>): Promise<CpuFigure> {
  await seconds(warmUpSeconds);
  const begun = performance.now();
  const before = { ...(await used(pid)), video: await videoBytes(), machine: machineSeconds() };
  await seconds(bench.seconds);
  const after = { ...(await used(pid)), video: await videoBytes(), machine: machineSeconds() };
  const took = (performance.now() - begun) / 1000;
  const perCameraMinute = (spent: number) => (spent / took / one.cameras) * 60;
  const memory = await memoryOf(pid);
  return {
    ...one,
    seconds: took,
    cpuSecondsPerCameraMinute: perCameraMinute(after.cpuSeconds - before.cpuSeconds),
    ofTheOneProcess: perCameraMinute(after.rootCpuSeconds - before.rootCpuSeconds),
    memoryBytes: memory.treeBytes,
    memoryPerCameraBytes: memory.treeBytes / one.cameras,
    memoryOfTheOneProcessBytes: memory.rootBytes,
    processes: after.processes,
    writtenBytes: after.writtenBytes - before.writtenBytes,
    videoBytes: after.video - before.video,
    ownWrittenPerVideoByte: null,
    machineBusyCores: (after.machine - before.machine) / took,
    loadAverage: loadavg()[0] ?? Number.NaN,
  };
}

/** Seconds in which the processors of the machine were not idle, all together. */
function machineSeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}
