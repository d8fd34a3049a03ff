import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, eventSchema, type Recording, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice, freePort } from '#device/testing/assembled-device.ts';
import { inspectVideo, makeClip } from '#device/testing/clips.ts';
import { diskAfterPowerCut, type PowerCut, unsureNames, writeDisk } from '#device/testing/disk-after-power-cut.ts';
import { type RebuiltDevice, startRebuilt } from '#device/testing/rebuilt-device.ts';
import { seededRandom } from '#device/testing/seeded-random.ts';
import { type DiskOperation, hasEnded, readTrace, tracedBy } from '#device/testing/write-trace.ts';

/** Of every sync point the least that can be left is rebuilt; of so many, other things that can be left too. */
const samples = { everything: 30, some: 60, played: 24 };
const atOnce = 3;
/** What storage.md promises, and half a second for the camera's own way to the device. */
const lossBudgetMs = { strict: 2_500, continuous: 10_500 };
const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });

/** What the owner was told is done, and so must be after any later power cut. */
interface Promised {
  what: string;
  sinceMs: number;
  holds(device: RebuiltDevice): boolean;
}

/** A recording as the camera delivered it. */
interface Filmed {
  id: string;
  budget: keyof typeof lossBudgetMs;
  startMs: number;
  endMs: number;
}

interface Story {
  operations: DiskOperation[];
  promises: Promised[];
  filmed: Filmed[];
}

let folder: string;
let story: Story;

beforeAll(async () => {
  // In memory where there is room: a disk that is busy with other things would be measured with the device.
  const memory = await stat('/dev/shm').then(
    () => '/dev/shm',
    () => tmpdir(),
  );
  folder = await realpath(await mkdtemp(join(memory, 'power-cut-')));
  await makeClip(join(folder, 'clip.mp4'), { seconds: 10, size: '160x90' });
  story = await liveThrough(join(folder, 'data'));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Two cameras, one always, one by hand; a deletion, a setting, motion; killed once, started again, stopped in order. All of it traced. */
async function liveThrough(data: string): Promise<Story> {
  const port = await freePort();
  const env = { KERBEROS_LOG_LEVEL: 'warn' };
  const traces = [join(folder, 'trace-1'), join(folder, 'trace-2')] as const;
  const promises: Promised[] = [];
  const promise = (what: string, holds: Promised['holds']) => promises.push({ what, sinceMs: Date.now(), holds });
  const first = await AssembledDevice.start({ directory: data, port, env, wrapper: tracedBy(traces[0]) });
  await first.enter();
  promise('the device is claimed', (device) => device.isClaimed);
  const source = { kind: 'file', url: join(folder, 'clip.mp4') };
  const recording = { mode: 'continuous', maxLengthMs: 10_000 };
  await first.json(cameraSchema, 'POST', '/api/cameras', { name: 'Always', source, recording });
  const byHand = { name: 'By hand', source, recording: { mode: 'events' }, motion: { enabled: false } };
  await first.json(cameraSchema, 'POST', '/api/cameras', byHand);
  promise('both cameras are set up', (device) => device.cameras.length === 2);
  await first.until('a recording by hand grows', async () => {
    const response = await first.request('POST', '/api/cameras/by-hand/recording', { durationMs: 60_000 });
    return response.ok && (await recordingsOf(first)).some((one) => one.cameraId === 'by-hand' && one.durationMs > 0);
  });
  await first.request('DELETE', '/api/cameras/by-hand/recording');
  const done = await newest(first, 'by-hand', 'closed');
  expect((await first.request('PATCH', '/api/settings', { deviceName: 'The barn' })).status).toBe(200);
  promise('the device has its new name', (device) => device.settings.deviceName === 'The barn');
  await first.request('POST', '/api/cameras/by-hand/recording', { durationMs: 60_000 });
  const deletedMs = { asked: Date.now(), answered: 0 };
  expect((await first.request('DELETE', `/api/recordings/${done.id}`)).ok).toBe(true);
  deletedMs.answered = Date.now();
  promise('the deleted recording is gone', (device) => device.recordings.every((one) => one.id !== done.id));
  let motionId = '';
  await first.until('motion is noticed', async () => {
    const { events } = await first.json(eventsSchema, 'GET', '/api/events?kind=motion');
    motionId = events[0]?.id ?? '';
    return motionId !== '';
  });
  promise('the motion is in the journal', (device) => device.events.some((event) => event.id === motionId));
  const closed = await newest(first, 'always', 'closed');
  expect((await first.request('GET', `/api/recordings/${closed.id}/thumbnail.jpg`)).status).toBe(200);
  promise('what was closed is there in full', (device) => device.recordings.some((one) => isSame(one, closed)));
  await pause(1_500);
  const cut = (await recordingsOf(first)).filter((one) => one.state === 'writing');
  expect(cut).toHaveLength(2);
  await first.end('SIGKILL');
  const killedMs = Date.now();
  await traceOf(traces[0], first.pid);
  const second = await AssembledDevice.start({ directory: data, port, env, cookie: first.cookie, wrapper: tracedBy(traces[1]) });
  await second.request('POST', '/api/cameras/by-hand/recording', { durationMs: 60_000 });
  for (const camera of ['always', 'by-hand']) await newest(second, camera, 'writing');
  await pause(2_000);
  expect(await second.end('SIGTERM'), second.log()).toBe(0);
  const trace = (await traceOf(traces[0], first.pid)) + (await traceOf(traces[1], second.pid));
  const operations = readTrace(trace, data);
  const filmed = (await final(data, operations)).map((one) => filmedFrom(one, cut.some(({ id }) => id === one.id) ? killedMs : null));
  return { operations, promises, filmed: [...filmed, { ...filmedFrom(done, null), untilMs: deletedMs.asked }] };
}
