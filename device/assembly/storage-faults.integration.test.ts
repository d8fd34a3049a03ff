import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, eventSchema, type Recording, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';
import { startRebuilt } from '#device/testing/rebuilt-device.ts';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { placesIn } from './places.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });
const healthSchema = z.object({ status: z.string() });
const sizeBytes = 10_485_760;
const isPossible = await RemovableVolume.isPossible();

describe.skipIf(!isPossible)('a device whose recordings are on a disk of their own', { timeout: 150_000 }, () => {
  let folder: string;
  let data: string;
  let volume: RemovableVolume;
  let device: AssembledDevice;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'));
    data = join(folder, 'data');
    volume = await RemovableVolume.plugIn(placesIn(data).recordings, sizeBytes);
    const env = { KERBEROS_LOG_LEVEL: 'warn', KERBEROS_STORAGE_MIN_FREE_BYTES: '0' };
    device = await AssembledDevice.start({ directory: data, env });
    await device.enter();
  });
  afterEach(async () => {
    await device.end('SIGKILL');
    await volume.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const add = async (size: string, recording: object): Promise<void> => {
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 4, size, framesPerSecond: 10, audio: false });
    const camera = { name: 'Front', source: { kind: 'file', url: clip }, recording, motion: { enabled: false } };
    await device.json(cameraSchema, 'POST', '/api/cameras', camera);
  };
  const recordings = async (): Promise<Recording[]> => {
    const answer = await device.json(recordingsSchema, 'GET', '/api/recordings?limit=100');
    return answer.recordings;
  };
  const alarms = async (): Promise<string[]> => {
    const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=storage.alarm');
    return events.map(({ message }) => message ?? '');
  };
  const grows = async (): Promise<void> => {
    const before = (await recordings()).find(({ state }) => state === 'writing');
    await device.until('a recording grows', async () => {
      const now = (await recordings()).find(({ state }) => state === 'writing');
      return now !== undefined && (now.id !== before?.id || now.durationMs > before.durationMs);
    });
  };
  const isSound = async (): Promise<void> => {
    expect(await device.end('SIGTERM'), device.log()).toBe(0);
    const { faults } = await startRebuilt(data);
    expect(faults).toEqual([]);
  };
  const byHand = async (): Promise<void> => {
    const answer = await device.request('POST', '/api/cameras/front/recording', { durationMs: 60_000 });
    expect(answer.status).toBe(200);
  };
  const isOnline = () =>
    device.until('the camera is online', async () => {
      const { state } = await device.json(cameraSchema, 'GET', '/api/cameras/front');
      return state === 'online';
    });

  test('deletes the oldest before it is full, and survives that someone else fills it', async () => {
    await add('1280x720', { mode: 'continuous', maxLengthMs: 10_000 });
    const seen = new Set<string>();
    await device.until(
      'the oldest recording had to go',
      async () => {
        const now = await recordings();
        for (const { id } of now) seen.add(id);
        return now.length < seen.size;
      },
      90_000,
    );
    expect(await alarms()).toEqual([]);
    await grows();
    await device.until('the owner is told', async () => {
      // What is deleted for room is taken at once.
      await volume.fill();
      return (await alarms()).some((message) => message.includes('full'));
    });
    await device.until('nothing is left that could be deleted, and health says so', async () => {
      await volume.fill();
      return (await device.json(healthSchema, 'GET', '/api/health')).status === 'failed';
    });
    await volume.makeRoom();
    await grows();
    await device.until('health is better', async () => (await device.json(healthSchema, 'GET', '/api/health')).status !== 'failed');
    await isSound();
  });

  test('tells that it was pulled out, writes nothing into its place, and goes on when it is back', async () => {
    await add('160x90', { mode: 'events' });
    await isOnline();
    await byHand();
    await grows();
    await device.request('DELETE', '/api/cameras/front/recording');
    await device.until('the recording is closed', async () => (await recordings()).every(({ state }) => state === 'closed'));
    await volume.pullOut();
    // At once, before anyone can have noticed.
    await byHand();
    await device.until('the owner is told', async () => (await alarms()).some((message) => message.includes('not there')));
    expect(await readdir(placesIn(data).recordings)).toEqual([]);
    await volume.putBack();
    await byHand();
    await grows();
    expect((await recordings()).filter(({ state }) => state === 'closed').length).toBeGreaterThanOrEqual(1);
    await isSound();
  });

  test('tells that it became read-only, and goes on when it can be written again', async () => {
    await add('160x90', { mode: 'events' });
    await isOnline();
    await volume.setReadOnly(true);
    await byHand();
    await device.until('the owner is told', async () => (await alarms()).some((message) => message.includes('read-only')));
    await volume.setReadOnly(false);
    await grows();
    await isSound();
  });
});
