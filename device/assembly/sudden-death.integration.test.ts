import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice, freePort } from '#device/testing/assembled-device.ts';
import { inspectVideo, makeClip } from '#device/testing/clips.ts';
import { type SeededRandom, seededRandom } from '#device/testing/seeded-random.ts';
import { check } from './commands/check.ts';
import { placesIn } from './places.ts';

/** Of so many devices at once: most of a life is spent waiting for cameras. */
const devices = 2;
const killsEach = 50;
const recordingsSchema = z.object({ recordings: z.array(recordingSchema), next: z.string().nullable() });
/** What storage.md promises, and half a second for the camera's own way to the device. */
const lossBudgetMs = { strict: 2_500, continuous: 10_500 };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sudden-death-'));
  await makeClip(join(folder, 'clip.mp4'), { seconds: 10 });
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('a device that is killed at any moment while it records two cameras', () => {
  const title = `starts clean ${devices * killsEach} times, every recording plays, and no more is lost than promised`;
  test(title, { timeout: 1_500_000 }, async () => {
    const data = Array.from({ length: devices }, (_, index) => join(folder, `data-${index}`));
    const losses = await Promise.all(data.map((directory, index) => dieOften(directory, seededRandom(7 + index))));
    for (const lost of losses) {
      expect(Math.max(...lost.strict)).toBeLessThanOrEqual(lossBudgetMs.strict);
      expect(Math.max(...lost.continuous)).toBeLessThanOrEqual(lossBudgetMs.continuous);
    }
    for (const directory of data) {
      const said: string[] = [];
      expect(await check({ root: directory, repair: false, say: (line) => said.push(line) }), said.join('\n')).toBe(0);
      await everyRecordingPlays(placesIn(directory).recordings);
    }
  });
});

/** Answers what each death took of each camera, in milliseconds of video. */
async function dieOften(directory: string, random: SeededRandom) {
  const port = await freePort();
  const start = (cookie = '') => AssembledDevice.start({ directory, port, cookie, program: 'built', env: { KERBEROS_LOG_LEVEL: 'warn' } });
  let device = await start();
  await device.enter();
  await addCameras(device);
  const lost = { strict: [] as number[], continuous: [] as number[] };
  const inspected = new Set<string>();
  for (let kill = 0; kill < killsEach; kill += 1) {
    await bothRecord(device);
    await pause(random.next() * 2_000);
    const killedMs = Date.now();
    await device.end('SIGKILL');
    device = await start(device.cookie);
    for (const [cameraId, budget] of [
      ['always', 'continuous'],
      ['by-hand', 'strict'],
    ] as const) {
      const repaired = (await newestOf(device, cameraId)).find((one) => one.state === 'closed' && !inspected.has(one.id));
      expect(repaired, `kill ${kill}: the recording of ${cameraId} is there`).toBeDefined();
      if (!repaired) continue;
      inspected.add(repaired.id);
      lost[budget].push(killedMs - (Date.parse(repaired.start) + repaired.durationMs));
    }
  }
  await device.end('SIGTERM');
  return lost;
}

async function addCameras(device: AssembledDevice): Promise<void> {
  const source = { kind: 'file', url: join(folder, 'clip.mp4') };
  await device.json(cameraSchema, 'POST', '/api/cameras', { name: 'Always', source, recording: { mode: 'continuous' } });
  await device.json(cameraSchema, 'POST', '/api/cameras', {
    name: 'By hand',
    source,
    recording: { mode: 'events' },
    motion: { enabled: false },
  });
}

async function bothRecord(device: AssembledDevice): Promise<void> {
  await device.until('both cameras record', async () => {
    const response = await device.request('POST', '/api/cameras/by-hand/recording', { durationMs: 60_000 });
    const { recordings } = await device.json(recordingsSchema, 'GET', '/api/recordings?limit=10');
    return response.ok && new Set(recordings.filter((one) => one.state === 'writing').map((one) => one.cameraId)).size === 2;
  });
}

async function newestOf(device: AssembledDevice, cameraId: string) {
  const { recordings } = await device.json(recordingsSchema, 'GET', `/api/recordings?camera=${cameraId}&limit=5`);
  return recordings;
}

async function everyRecordingPlays(directory: string): Promise<void> {
  const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.mp4'));
  expect(files.length).toBeGreaterThanOrEqual(2 * killsEach);
  for (const name of files) {
    const { frames, complaints } = await inspectVideo(join(directory, name));
    expect(complaints, name).toBe('');
    expect(frames, name).toBeGreaterThan(0);
  }
}
