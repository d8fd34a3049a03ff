import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { deviceKey, deviceUuid, type FakeFleet, fakeFleet } from '#device/testing/fake-fleet.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { createFleetApi, type FleetApi } from './fleet-api.ts';
import { FleetLink } from './fleet-link.ts';

let fleet: FakeFleet;
let clock: SimulatedClock;
let api: FleetApi;
let folder: string;

beforeEach(async () => {
  fleet = await fakeFleet();
  fleet.releases.set('old', 41).set('bad', 42);
  fleet.wanted = 'bad';
  clock = new SimulatedClock();
  api = createFleetApi({ apiUrl: fleet.url, apiKey: deviceKey, deviceUuid }, clock);
  folder = await mkdtemp(join(tmpdir(), 'fleet-'));
});

afterEach(async () => {
  await fleet.close();
  await rm(folder, { recursive: true });
});

describe('the fleet, through its own library', () => {
  test('says what this device is to run, and is told to give it another release or what all get', async () => {
    expect(await api.wanted()).toEqual({ commit: 'bad', isTracking: true });
    await api.pin('old');
    expect(fleet.device.is_pinned_on__release).toBe(41);
    expect(await api.wanted()).toEqual({ commit: 'old', isTracking: false });
    expect(await api.wantedByFleet()).toBe('bad');
    await api.track();
    expect(await api.wanted()).toEqual({ commit: 'bad', isTracking: true });
  });

  test('does not give a release that it does not have', async () => {
    await expect(api.pin('gone')).rejects.toThrow();
    expect(fleet.device.is_pinned_on__release).toBeNull();
  });

  test('that is not reached is an error, and no reason to be lost for ever', async () => {
    fleet.isAway = true;
    await expect(api.wanted()).rejects.toThrow();
    fleet.isAway = false;
    expect(await api.name()).toBe('still-dawn');
  });

  test('that does not know the key is an error', async () => {
    const stranger = createFleetApi({ apiUrl: fleet.url, apiKey: 'wrong', deviceUuid }, clock);
    await expect(stranger.name()).rejects.toThrow();
  });
});

describe('the link to the fleet', () => {
  let name: string;
  let cameras: string;
  let isFixed: boolean;

  beforeEach(() => {
    name = 'Kerberos';
    cameras = '2 of 2 online';
    isFixed = false;
  });

  /** The device runs for a while, asked every half minute. */
  async function live(minutes: number): Promise<void> {
    const link = new FleetLink({
      clock,
      logger: silentLogger,
      random: () => 0,
      api,
      file: join(folder, 'fleet.json'),
      unnamed: 'Kerberos',
      facts: {
        name: () => name,
        isNameFixed: () => isFixed,
        setName: async (next) => {
          name = next;
        },
        tags: async () =>
          new Map([
            ['kerberos.version', '1.0.0'],
            ['kerberos.cameras', cameras],
          ]),
      },
    });
    const stop = new AbortController();
    const running = link.run(stop.signal);
    for (let halfMinute = 0; halfMinute < minutes * 2; halfMinute += 1) await pass(30_000);
    stop.abort();
    await running;
  }

  /** Real requests need real turns between two moments of the simulated clock. */
  async function pass(ms: number): Promise<void> {
    let before = -1;
    while (before !== fleet.asked.length) {
      before = fleet.asked.length;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await clock.advance(ms);
  }

  test('gives a device that nobody named the name that it has in the fleet', async () => {
    await live(1);
    expect(name).toBe('still-dawn');
    expect(fleet.device.device_name).toBe('still-dawn');
  });

  test('follows whoever renamed last, there or here', async () => {
    await live(1);
    name = 'Barn';
    await live(1);
    expect(fleet.device.device_name).toBe('Barn');
    fleet.device.device_name = 'Stable';
    await live(1);
    expect(name).toBe('Stable');
    expect(JSON.parse(await readFile(join(folder, 'fleet.json'), 'utf8'))).toEqual({ name: { here: 'Stable', there: 'Stable' } });
  });

  test('leaves the names alone where a variable decides it', async () => {
    isFixed = true;
    name = 'All of us';
    await live(1);
    expect(fleet.device.device_name).toBe('still-dawn');
    expect(name).toBe('All of us');
  });

  test('tells tags when they change, and one that changes all the time every ten minutes', async () => {
    await live(1);
    expect([...fleet.tags]).toEqual([
      ['kerberos.version', '1.0.0'],
      ['kerberos.cameras', '2 of 2 online'],
    ]);
    const told = () => fleet.asked.filter(({ method, path }) => method === 'POST' && path.startsWith('/v7/device_tag')).length;
    expect(told()).toBe(2);
    // A restart asks what the fleet knows already, and tells nothing twice.
    await live(2);
    expect(told()).toBe(2);
    cameras = '1 of 2 online';
    await live(2);
    expect(told()).toBe(3);
    expect(fleet.tags.get('kerberos.cameras')).toBe('1 of 2 online');
  });
});
