import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cameraSchema, eventSchema, healthSchema, recordingSchema } from '#device/contract/contract.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { makeClip } from '#device/testing/clips.ts';
import { check } from './commands/check.ts';
import { placesIn } from './places.ts';

const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
const eventsSchema = z.object({ events: z.array(eventSchema) });

let folder: string;
let data: string;
let cookie: string;
let filmed: string[];
const running: AssembledDevice[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'damaged-databases-'));
  data = join(folder, 'data');
  await makeClip(join(folder, 'clip.mp4'), { seconds: 10 });
  const device = await start();
  await device.enter();
  cookie = device.cookie;
  const source = { kind: 'file', url: join(folder, 'clip.mp4') };
  await device.json(cameraSchema, 'POST', '/api/cameras', { name: 'Yard', source, recording: { mode: 'continuous' } });
  await device.until('it records', async () => (await recordingsOf(device)).length > 0);
  expect(await device.end('SIGTERM')).toBe(0);
  filmed = await idsAfterStart();
}, 60_000);

afterEach(async () => {
  for (const device of running.splice(0)) await device.end('SIGKILL');
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

async function start(): Promise<AssembledDevice> {
  const device = await AssembledDevice.start({ directory: data, cookie: cookie ?? '', env: { KERBEROS_LOG_LEVEL: 'warn' } });
  running.push(device);
  return device;
}

async function recordingsOf(device: AssembledDevice) {
  return (await device.json(recordingsSchema, 'GET', '/api/recordings?limit=500')).recordings;
}

async function idsAfterStart(): Promise<string[]> {
  const device = await start();
  const recordings = await recordingsOf(device);
  // Stopped in peace: what a log still holds would heal the damage that is to come.
  await device.end('SIGTERM');
  return recordings.filter((one) => one.state === 'closed').map((one) => one.id);
}

async function damage(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(size - at, 0xd7), 0, size - at, at);
  await handle.close();
}

/** Texts of the warnings and of the alarms of a device that was started just now. */
async function told(device: AssembledDevice): Promise<{ health: string; alarms: string }> {
  const { checks } = await device.json(healthSchema, 'GET', '/api/health');
  const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=storage.alarm');
  return { health: checks.map(({ message }) => message).join('\n'), alarms: events.map(({ message }) => message).join('\n') };
}

describe('a device that finds a database damaged when it starts', () => {
  test.each([0, 4_096])(
    'makes its index anew from the recordings and says so (damaged from byte %d on)',
    { timeout: 60_000 },
    async (at) => {
      await damage(placesIn(data).indexFile, at);
      const device = await start();
      expect((await recordingsOf(device)).map((one) => one.id)).toEqual(expect.arrayContaining(filmed));
      const { health, alarms } = await told(device);
      expect(health).toContain('The index of the recordings was damaged');
      expect(alarms).toContain('The index of the recordings was damaged');
      await device.end('SIGTERM');
    },
  );

  test('leaves everything as it is while another device runs on the same folder', { timeout: 60_000 }, async () => {
    const device = await start();
    const before = (await stat(placesIn(data).indexFile)).ino;
    await damage(placesIn(data).indexFile, 4_096);
    await expect(start()).rejects.toThrow('Another Kerberos Edge is already using this data folder');
    expect((await stat(placesIn(data).indexFile)).ino).toBe(before);
    await device.end('SIGKILL');
    expect(await idsAfterStart()).toEqual(expect.arrayContaining(filmed));
  });

  test('begins its journal anew and says so', { timeout: 60_000 }, async () => {
    await damage(placesIn(data).eventsFile, 0);
    const device = await start();
    const { health, alarms } = await told(device);
    expect(health).toContain('The journal of events was damaged');
    expect(alarms).toContain('The journal of events was damaged');
    await device.end('SIGTERM');
  });

  test('is told by the check command, which makes the index anew when it is to repair', { timeout: 60_000 }, async () => {
    await damage(placesIn(data).indexFile, 0);
    const said: string[] = [];
    expect(await check({ root: data, repair: false, say: (line) => said.push(line) })).toBe(1);
    expect(said.join('\n')).toContain('index.db: cannot be read');
    expect(await check({ root: data, repair: true, say: () => {} })).toBe(0);
    expect(await check({ root: data, repair: false, say: () => {} })).toBe(0);
    expect(await idsAfterStart()).toEqual(expect.arrayContaining(filmed));
  });

  test('records on when its users are lost, and still belongs to its owner', { timeout: 60_000 }, async () => {
    await damage(placesIn(data).accessFile, 0);
    const device = await start();
    const claim = await device.request('POST', '/api/claim', { username: 'thief', password: 'a wall has teeth' });
    expect(claim.status).toBe(409);
    const login = await device.request('POST', '/api/session', { username: 'owner', password: 'a wall has ears' });
    expect(login.status).toBe(503);
    expect(await login.text()).toContain('reset-password');
    await device.end('SIGTERM');
    expect(await check({ root: data, repair: false, say: () => {} })).toBe(0);
  });
});
