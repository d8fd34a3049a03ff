import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchema, healthSchema, updateStatusSchema } from '#device/contract/contract.ts';
import type { ReleaseRecord } from '#device/fleet/release-record.ts';
import { openDatabase } from '#device/kernel/database.ts';
import { recordingsMigrations } from '#device/recordings/index-schema.ts';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { deviceKey, deviceUuid, type FakeFleet, fakeFleet } from '#device/testing/fake-fleet.ts';
import { type FakeSupervisor, fakeSupervisor, supervisorKey } from '#device/testing/fake-supervisor.ts';
import { placesIn } from './places.ts';
import { readRelease } from './release.ts';

const eventsSchema = z.object({ events: z.array(eventSchema) });
const before = { version: '0.0.9', build: 'before', commit: 'old' };

let folder: string;
let data: string;
let fleet: FakeFleet;
let host: FakeSupervisor;
const running: AssembledDevice[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'releases-'));
  data = join(folder, 'data');
  await mkdir(data);
  fleet = await fakeFleet();
  fleet.releases.set('old', 41);
  fleet.wanted = 'c0ffee';
  host = await fakeSupervisor();
});

afterEach(async () => {
  for (const device of running.splice(0)) await device.end('SIGKILL');
  await Promise.all([fleet.close(), host.close()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

function balena(): Record<string, string> {
  return {
    BALENA_SUPERVISOR_ADDRESS: host.url,
    BALENA_SUPERVISOR_API_KEY: supervisorKey,
    BALENA_APP_ID: '7',
    BALENA_APP_LOCK_PATH: join(folder, 'updates.lock'),
    BALENA_API_URL: fleet.url,
    BALENA_API_KEY: deviceKey,
    BALENA_DEVICE_UUID: deviceUuid,
  };
}

async function start(env: Record<string, string>, port?: number): Promise<AssembledDevice> {
  const device = await AssembledDevice.start({ directory: data, env, ...(port === undefined ? {} : { port }) });
  running.push(device);
  await device.enter();
  return device;
}

async function remember(record: Partial<ReleaseRecord>): Promise<void> {
  const whole: ReleaseRecord = { good: before, cameras: ['front'], trial: null, verdict: null, refusal: null, ...record };
  await writeFile(placesIn(data).releaseFile, JSON.stringify(whole));
}

async function thisRelease(): Promise<{ version: string; build: string; commit: string }> {
  const { version, build } = await readRelease();
  return { version, build, commit: 'c0ffee' };
}

describe('a device on balenaOS', () => {
  test('is on trial with a new release, does what it is told through the host, and tells no key to anybody', async () => {
    await remember({});
    const device = await start(balena());
    const status = await device.json(updateStatusSchema, 'GET', '/api/system/update');
    expect(status).toMatchObject({ state: 'current', release: 'c0ffee', canCommand: true });
    expect(status.lastUpdate).toMatchObject({ outcome: 'on-trial', fromVersion: '0.0.9' });
    expect(JSON.parse(await readFile(placesIn(data).releaseFile, 'utf8'))).toMatchObject({ trial: { starts: 1, cameras: ['front'] } });
    expect((await device.request('POST', '/api/system/reboot')).status).toBe(202);
    host.isLocked = true;
    expect((await device.request('POST', '/api/system/shutdown')).status).toBe(409);
    expect(host.asked.map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/device', '/v1/reboot', '/v1/shutdown']));
    await expect.poll(() => fleet.tags.get('kerberos.version'), { timeout: 20_000 }).toBe(status.version);
    expect(await stat(join(folder, 'updates.lock')).catch(() => null)).toBeNull();
    expect(await device.end('SIGTERM')).toBe(0);
    for (const key of [supervisorKey, deviceKey]) expect(device.log()).not.toContain(key);
  });

  test('goes on without a fleet and a host that answer', async () => {
    fleet.isAway = true;
    const env = { ...balena(), BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:9' };
    const device = await start(env);
    expect(await device.json(updateStatusSchema, 'GET', '/api/system/update')).toMatchObject({ state: 'unknown' });
    const { checks } = await device.json(healthSchema, 'GET', '/api/health');
    expect(checks.find(({ id }) => id === 'fleet.supervisor')).toMatchObject({ level: 'note' });
  });

  test('tells that an update was taken back, and lets its owner try it again', async () => {
    const good = await thisRelease();
    const failed = { version: '9.0.0', build: 'bad', commit: 'bad' };
    fleet.device.is_pinned_on__release = 41;
    await remember({
      good,
      refusal: { release: failed, goBackTo: good, wasTracking: true, isPinned: true },
      verdict: { outcome: 'going-back', from: good, to: failed, startedWallMs: 0, message: 'Front recorded before and did not.' },
    });
    fleet.wanted = 'bad';
    const device = await start(balena());
    const status = await device.json(updateStatusSchema, 'GET', '/api/system/update');
    expect(status).toMatchObject({ refusedVersion: '9.0.0', lastUpdate: { outcome: 'rolled-back', toVersion: '9.0.0' } });
    const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=update.rolled-back');
    expect(events[0]?.message).toContain('Front recorded before and did not.');
    expect(fleet.device.is_pinned_on__release).toBe(41);
    expect((await device.request('POST', '/api/system/update')).status).toBe(202);
    expect(fleet.device.is_pinned_on__release).toBeNull();
    expect(await device.json(updateStatusSchema, 'GET', '/api/system/update')).toMatchObject({ refusedVersion: null });
  });

  test('asks for the release before when it ends again and again before it can do anything', async () => {
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const release = await thisRelease();
    await remember({ trial: { release, from: before, cameras: ['front'], startedWallMs: 0, starts: 4, boots: 1, bootId } });
    const blocker = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(start(balena(), port)).rejects.toThrow('the device ended with 2');
    blocker.close();
    expect(fleet.device.is_pinned_on__release).toBe(41);
    expect(JSON.parse(await readFile(placesIn(data).releaseFile, 'utf8'))).toMatchObject({
      refusal: { isPinned: true, wasTracking: true, release: { commit: 'c0ffee' } },
    });
  });

  test('asks for the release before when it cannot even be loaded, as with a native module for another machine', async () => {
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const release = { ...(await thisRelease()), commit: null };
    await remember({ trial: { release, from: before, cameras: ['front'], startedWallMs: 0, starts: 3, boots: 1, bootId } });
    const broken = join(folder, 'broken.mjs');
    const hook =
      "{ resolve: (name, context, next) => { if (name === 'sqlite3') throw new Error('invalid ELF header'); return next(name, context); } }";
    await writeFile(broken, `import { registerHooks } from 'node:module';\nregisterHooks(${hook});\n`);
    const env = { ...balena(), NODE_OPTIONS: `--import=${broken}` };
    await expect(start(env)).rejects.toThrow('invalid ELF header');
    expect(fleet.device.is_pinned_on__release).toBeNull();
    await expect(start(env)).rejects.toThrow('invalid ELF header');
    expect(fleet.device.is_pinned_on__release).toBe(41);
    const record: ReleaseRecord = JSON.parse(await readFile(placesIn(data).releaseFile, 'utf8'));
    expect(record).toMatchObject({ refusal: { isPinned: true, goBackTo: { commit: 'old' } }, verdict: { outcome: 'going-back' } });
  });
});

describe('a variable that cannot be used', () => {
  const unusable = { KERBEROS_TIME_ZONE: 'Europe/Bruxelles', KERBEROS_CAMERAS: 'front=http://admin:hunter2@cam' };

  test('costs an appliance that variable alone: it is counted, answers, and says so without the value', async () => {
    const device = await start({ ...unusable, KERBEROS_APPLIANCE: '1' });
    expect(JSON.parse(await readFile(placesIn(data).releaseFile, 'utf8'))).toMatchObject({
      good: { ...(await thisRelease()), commit: null },
    });
    const { checks } = await device.json(healthSchema, 'GET', '/api/health');
    const told = checks.filter(({ id }) => id.startsWith('settings.variable-'));
    expect(told.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(told.map(({ message }) => message).join('\n')).toMatch(/KERBEROS_TIME_ZONE must be a time zone.*\n?.*KERBEROS_CAMERAS/s);
    expect(JSON.stringify(checks) + device.log()).not.toMatch(/hunter2|Bruxelles/);
  });

  test('is refused at a terminal before anything is made', async () => {
    await expect(start({ KERBEROS_TIME_ZONE: 'Europe/Bruxelles' })).rejects.toThrow(/ended with 2:\nKERBEROS_TIME_ZONE must be/);
    expect(await readdir(data)).toEqual([]);
  });
});

describe('a device without balenaOS', () => {
  test('is updated as a package, and starts on what a newer release left with what it wrote itself', async () => {
    const first = await start({});
    const status = await first.json(updateStatusSchema, 'GET', '/api/system/update');
    expect(status).toMatchObject({ state: 'package', canCommand: false, release: null, lastUpdate: null });
    expect((await first.request('POST', '/api/system/reboot')).status).toBe(503);
    const { checks } = await first.json(healthSchema, 'GET', '/api/health');
    expect(checks.filter(({ id }) => id.startsWith('fleet.')).map(({ level }) => level)).toEqual(['ok', 'ok']);
    await first.request('PATCH', '/api/settings', { deviceName: 'Barn' });
    expect(await first.end('SIGTERM')).toBe(0);
    const { settingsFile, indexFile } = placesIn(data);
    // As a newer release would: what is there is kept, then changed.
    const settings: Record<string, unknown> = JSON.parse(await readFile(settingsFile, 'utf8'));
    await writeFile(`${settingsFile}.v${String(settings['version'])}`, JSON.stringify(settings));
    await writeFile(settingsFile, JSON.stringify({ ...settings, version: 99, release: '9.0.0', device: 'unknown' }));
    const ahead = {
      ...recordingsMigrations,
      '999-moons': { up: async (db: Kysely<unknown>) => void (await sql`CREATE TABLE moons (name TEXT)`.execute(db)) },
    };
    await (await openDatabase({ file: indexFile, room: 'recordings', migrations: ahead, release: '9.0.0' })).close();
    const device = await start({});
    expect(await (await device.request('GET', '/api/settings')).json()).toMatchObject({ deviceName: 'Barn' });
    const { events } = await device.json(eventsSchema, 'GET', '/api/events?kind=data.restored');
    const told = events.map(({ message }) => message).join('\n');
    expect(told).toContain('The settings were written by release 9.0.0.');
    expect(told).toContain('The index of the recordings is again the one from before release 9.0.0');
  });
});
