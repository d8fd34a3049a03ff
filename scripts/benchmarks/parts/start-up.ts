import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { startCameras } from '../stage/cameras.ts';
import { deviceWith, seconds } from '../stage/device-under-test.ts';
import { footage, mainFramesPerSecond } from '../stage/footage.ts';
import { type Bench, percentile } from './part.ts';

export interface StartUpFigure {
  /** From starting the process until `/api/health` answers. */
  healthP50Ms: number;
  /** Until a first piece of video is in a file; the camera's next key picture, up to 2 s away, is in it. */
  recordedP50Ms: number;
  starts: number;
}

const starts = 5;

export async function measureStartUp(bench: Bench): Promise<StartUpFigure> {
  const files = await footage(bench.footage, 'idle');
  await using end = new AsyncDisposableStack();
  const cameras = await startCameras([
    { path: '/start', file: files.main, framesPerSecond: mainFramesPerSecond, play: 'loop', aheadFrames: 0 },
  ]);
  end.defer(() => cameras.stop());
  const folder = join(bench.scratch, 'start');
  end.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const { device } = await deviceWith(folder, [{ name: 'Start', url: cameras.url('/start'), detects: true }]);
  await seconds(2);
  await device.end('SIGTERM');
  const health: number[] = [];
  const recorded: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const known = await filesIn(join(folder, 'recordings'));
    const begun = performance.now();
    const again = await AssembledDevice.start({ directory: folder, program: 'product', env: { KERBEROS_LOG_LEVEL: 'warn' } });
    health.push(performance.now() - begun);
    await again.until('something new is recorded', async () => hasNew(await filesIn(join(folder, 'recordings')), known));
    recorded.push(performance.now() - begun);
    await again.end('SIGTERM');
    await pause(200);
  }
  return { healthP50Ms: percentile(health, 0.5), recordedP50Ms: percentile(recorded, 0.5), starts };
}

/** More than the head of a file: a head has no picture in it. */
const headBytes = 16_384;

async function filesIn(folder: string): Promise<Map<string, number>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.mp4'));
  const sizes = await Promise.all(names.map(async (name): Promise<[string, number]> => [name, (await stat(join(folder, name))).size]));
  return new Map(sizes);
}

function hasNew(found: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>): boolean {
  return [...found].some(([name, size]) => !known.has(name) && size > headBytes);
}
