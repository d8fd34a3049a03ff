import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, eventSchema, type Recording, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';
import { startRebuilt } from '#device/testing/rebuilt-device.ts';
import { placesIn } from './places.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });
const library = ['x86_64', 'aarch64']
  .map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
const hourMs = 3_600_000;
/** Noticing a step takes a second, the next key picture one more, and the machine may be busy. */
const slackMs = 6_000;

describe.skipIf(library === undefined)('a device whose clock is not to be trusted', { timeout: 120_000 }, () => {
  let folder: string;
  let data: string;
  let device: AssembledDevice;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clock-'));
    data = join(folder, 'data');
    await setClock(-Date.now() + 60_000);
    const clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 10, size: '160x90' });
    const faketime = { LD_PRELOAD: library ?? '', FAKETIME_TIMESTAMP_FILE: join(folder, 'clock'), FAKETIME_NO_CACHE: '1' };
    const env = { ...faketime, FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1', KERBEROS_LOG_LEVEL: 'warn' };
    device = await AssembledDevice.start({ directory: data, env });
    await device.enter();
    const camera = { name: 'Front', source: { kind: 'file', url: clip }, recording: { mode: 'continuous' } };
    await device.json(cameraSchema, 'POST', '/api/cameras', camera);
  });
  afterEach(async () => {
    await device.end('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** How far the device's wall clock is from the true one. */
  const setClock = async (offsetMs: number): Promise<void> => {
    await writeFile(join(folder, 'clock.new'), `${offsetMs < 0 ? '-' : '+'}${Math.round(Math.abs(offsetMs) / 1000)}\n`);
    await rename(join(folder, 'clock.new'), join(folder, 'clock'));
  };
  const recordings = async (): Promise<Recording[]> => {
    const response = await device.request('GET', '/api/recordings?limit=100');
    // A session may end with a step of the clock.
    if (response.status === 401) await device.enter();
    return response.ok ? recordingsSchema.parse(await response.json()).recordings : [];
  };
  const growing = async (what: string, is: (one: Recording) => boolean): Promise<Recording> => {
    let found: Recording | undefined;
    await device.until(what, async () => {
      found = (await recordings()).find((one) => one.state === 'writing' && one.durationMs > 0 && is(one));
      return found !== undefined;
    });
    if (!found) throw new Error('no recording');
    return found;
  };
  const events = async () => (await device.json(eventsSchema, 'GET', '/api/events?limit=100')).events;
  const steps = async () => (await events()).filter(({ kind }) => kind === 'clock.stepped').map(({ message }) => message ?? '');

  test('begins in 1970, is set, and jumps both ways: nothing is filed under 1970, nothing is lost, all is in order', async () => {
    const first = await growing('it records at once', () => true);
    expect(first.clock).toBe('approximate');
    expect(new Date(first.start).getUTCFullYear()).toBeGreaterThanOrEqual(2026);
    const trueStartMs = Date.now() - first.durationMs;
    await setClock(0);
    await device.until('the recording has its true time', async () =>
      (await recordings()).some(({ id, clock }) => id === first.id && clock === 'set'),
    );
    const restamped = (await recordings()).find(({ id }) => id === first.id);
    expect(Math.abs(Date.parse(restamped?.start ?? '') - trueStartMs)).toBeLessThan(slackMs);
    for (const event of await events()) {
      expect(event.clock, event.kind).toBe('set');
      expect(Math.abs(Date.parse(event.start) - Date.now()), event.kind).toBeLessThan(60_000);
    }
    const second = await growing('it goes on in a new recording', ({ id }) => id !== first.id);
    await setClock(hourMs);
    const later = await growing('it records an hour later', ({ start }) => Date.parse(start) > Date.now() + hourMs - slackMs - 60_000);
    await setClock(-hourMs);
    const earlier = await growing('it records an hour earlier', ({ start }) => Date.parse(start) < Date.now() - hourMs + slackMs);
    const all = await recordings();
    expect(all.map(({ id }) => id)).toEqual([later.id, second.id, first.id, earlier.id]);
    expect(all.every(({ clock }) => clock === 'set')).toBe(true);
    const said = await steps();
    expect(
      said.some((message) => /set 36\d\d s forward/.test(message)),
      said.join('\n'),
    ).toBe(true);
    expect(
      said.some((message) => /set 7[12]\d\d s back/.test(message)),
      said.join('\n'),
    ).toBe(true);
    expect(await device.end('SIGTERM'), device.log()).toBe(0);
    const names = await readdir(join(placesIn(data).recordings, 'front'));
    expect(names).toHaveLength(4);
    expect(names.filter((name) => /^(approx-)?(19|20[01])/.test(name))).toEqual([]);
    const after = await startRebuilt(data);
    expect(after.faults).toEqual([]);
    for (const one of after.recordings) expect(Date.parse(one.start)).toBeGreaterThan(Date.now() - hourMs - 120_000);
  });
});
