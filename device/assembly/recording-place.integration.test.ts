import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  cameraSchema,
  eventSchema,
  healthSchema,
  type Recording,
  recordingPlaceSchema,
  recordingSchema,
  systemSchema,
} from '#device/contract/contract.ts';
import { recordingsOn } from '#device/hardware/disks/recording-disks.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { check } from './commands/check.ts';
import { placesIn } from './places.ts';

const run = promisify(execFile);
const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });
const canMount = await RemovableVolume.isPossible();

/** A real file system on a file, mounted by the kernel's loop device: a disk but for the plug, which is pulled on the emulated bench. */
describe.skipIf(!canMount)('a device whose recordings are on a disk of the owner’s choice', { timeout: 120_000 }, () => {
  let folder: string;
  let data: string;
  let place: string;
  let volumeId: string;
  let device: AssembledDevice | null;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'place-'));
    data = join(folder, 'data');
    volumeId = randomUUID();
    const places = placesIn(data);
    place = join(places.disks, volumeId);
    const image = join(folder, 'stick');
    await writeFile(image, '');
    await truncate(image, 64_000_000);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-U', volumeId, image]);
    await mkdir(place, { recursive: true });
    await writeFile(places.recordingPlaceFile, JSON.stringify({ volumeId }));
    device = null;
  });
  afterEach(async () => {
    await device?.end('SIGKILL');
    await run('umount', ['--lazy', place]).catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const mount = () => run('mount', ['-o', 'loop,noatime', join(folder, 'stick'), place]);
  const start = async (): Promise<AssembledDevice> => {
    device = await AssembledDevice.start({ directory: data, env: { KERBEROS_LOG_LEVEL: 'warn' } });
    await device.enter();
    return device;
  };
  const addCamera = async (to: AssembledDevice): Promise<void> => {
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 4, size: '160x90', audio: false });
    const source = { kind: 'file', url: clip };
    await to.json(cameraSchema, 'POST', '/api/cameras', {
      name: 'Front',
      source,
      recording: { mode: 'continuous' },
      motion: { enabled: false },
    });
  };
  const recordings = async (of: AssembledDevice): Promise<Recording[]> => {
    return (await of.json(recordingsSchema, 'GET', '/api/recordings?limit=100')).recordings;
  };
  const recordedMs = async (of: AssembledDevice) => (await recordings(of)).reduce((sum, { durationMs }) => sum + durationMs, 0);
  const checkOf = async (of: AssembledDevice, id: string) =>
    (await of.json(healthSchema, 'GET', '/api/health')).checks.find((one) => one.id === id);
  const placeOf = (of: AssembledDevice) => of.json(recordingPlaceSchema, 'GET', '/api/system/disks');

  test('records on it, says when it is gone and writes nothing in its place, and goes on when it is back', async () => {
    await mount();
    await mkdir(recordingsOn(placesIn(data).disks, volumeId), { recursive: true });
    const running = await start();
    expect(await placeOf(running)).toMatchObject({ volumeId, isThere: true, unavailable: expect.any(String) });
    await addCamera(running);
    await running.until('it is recorded', async () => (await recordedMs(running)) > 2_000);
    expect(await readdir(recordingsOn(placesIn(data).disks, volumeId))).toContain('front');
    expect(await checkOf(running, 'storage.own')).toMatchObject({ level: 'ok' });
    await run('umount', ['--lazy', place]);
    await running.until('the owner is told', async () => {
      const { events } = await running.json(eventsSchema, 'GET', '/api/events?kind=storage.alarm');
      return events.some(({ message }) => message?.includes('is not there') === true);
    });
    await running.until('its absence is known', async () => !(await placeOf(running)).isThere);
    await running.until('health tells', async () => (await checkOf(running, 'recordings.writing'))?.level === 'failed');
    expect(await readdir(place)).toEqual([]);
    const before = await recordedMs(running);
    await mount();
    await running.until('it is recorded again', async () => (await recordedMs(running)) > before + 2_000);
    expect(await placeOf(running)).toMatchObject({ isThere: true });
    expect(await running.end('SIGTERM'), running.log()).toBe(0);
    const said: string[] = [];
    expect(await check({ root: data, repair: false, say: (line) => said.push(line) }), said.join('\n')).toBe(0);
  });

  test('starts without it, tells so everywhere, makes nothing in its place, and takes it in for the first time when it comes', async () => {
    const running = await start();
    await addCamera(running);
    await running.until('health tells', async () => {
      const writing = await checkOf(running, 'recordings.writing');
      return writing?.level === 'failed' && writing.message.includes('is not there');
    });
    const { storage } = await running.json(systemSchema, 'GET', '/api/system');
    expect(storage).toMatchObject({ totalBytes: 0, recordings: 0 });
    expect(await readdir(place)).toEqual([]);
    await mount();
    await mkdir(recordingsOn(placesIn(data).disks, volumeId), { recursive: true });
    await running.until('it is recorded', async () => (await recordedMs(running)) > 1_000);
    expect(await readdir(data)).not.toContain('recordings');
  });

  test('goes back to its own card when the owner says so: it ends in good order to start anew, and shows what is there', async () => {
    const running = await start();
    const answer = await running.request('PUT', '/api/system/disks/chosen', { volumeId: null });
    expect(answer.status, await answer.text()).toBe(202);
    expect(await running.ended(), running.log()).toBe(0);
    const again = await start();
    expect(await placeOf(again)).toMatchObject({ volumeId: null, isThere: true });
    await addCamera(again);
    await again.until('it is recorded', async () => (await recordedMs(again)) > 1_000);
    expect(await readdir(join(data, 'recordings'))).toContain('front');
  });
});
