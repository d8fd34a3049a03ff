import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { type EmulatedNetworks, startEmulatedNetworks } from '#device/testing/emulated-networks.ts';
import { NetworkDaemon } from './network-daemon.ts';
import { NetworkRoom } from './network-room.ts';

/** A minute is two seconds. */
const haste = 30;
const hurried: Clock = {
  wall: () => systemClock.wall(),
  boot: () => systemClock.boot() * haste,
  sleep: (ms, signal) => systemClock.sleep(ms / haste, signal),
};
const patience = { timeout: 15_000, interval: 50 };
const plan = { ssid: 'Kerberos-ab12', passphrase: 'abcd-efgh-jkmn', address: '10.42.0.1' };

/** The bus is real, the NetworkManager is emulated, and time runs thirty times faster for the onboarding alone. */
describe('a device that loses its network', () => {
  let stage: EmulatedNetworks;
  let room: NetworkRoom;
  let told: string[];
  let stop: AbortController;
  let running: Promise<void>;

  beforeAll(async () => {
    stage = await startEmulatedNetworks();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.reset();
    await stage.air({ ssid: 'Home', passphrase: 'seven dwarfs', strength: 70 });
    await stage.know('Home', 'seven dwarfs');
    await stage.join('Home');
    told = [];
    stop = new AbortController();
    room = new NetworkRoom({
      clock: hurried,
      logger: silentLogger,
      daemon: new NetworkDaemon(systemClock),
      plan,
      gatewayAnswers: async () => true,
      onOpened: ({ ssid }) => told.push(`opened ${ssid}`),
      onClosed: () => told.push('closed'),
      onJoined: ({ ssid, phase }) => told.push(`${phase} ${ssid}`),
    });
    running = room.run(stop.signal);
    await expect.poll(async () => (await room.describe()).links[0]?.state, patience).toBe('connected');
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  const opened = () => expect.poll(async () => (await room.describe()).links[0]?.state, patience).toBe('setup');

  test('opens its own, and goes back to the known one by itself', async () => {
    await stage.lose();
    await opened();
    expect(room.setup).toEqual(plan);
    expect(await room.describe()).toMatchObject({ setup: { ssid: 'Kerberos-ab12', address: '10.42.0.1' }, links: [{ ssid: null }] });
    expect(JSON.stringify(await room.describe())).not.toContain(plan.passphrase);
    expect(await room.checks()).toMatchObject([{ id: 'network.link', level: 'warning', action: expect.stringContaining('Kerberos-ab12') }]);
    await expect.poll(async () => (await room.describe()).links[0]?.ssid, patience).toBe('Home');
    await expect.poll(() => told, patience).toEqual(['opened Kerberos-ab12', 'closed']);
    expect(room.setup).toBeNull();
    expect(await stage.profiles()).toEqual(['Home - seven dwarfs']);
  });

  test('opens its own also when NetworkManager goes on calling the lost one activated', async () => {
    await stage.loseUnnoticed();
    await opened();
    await expect.poll(() => told, patience).toEqual(['opened Kerberos-ab12']);
  });

  test('is given another one through its own, and comes back to its own after a wrong passphrase', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    await stage.lose();
    await opened();
    await expect.poll(() => told, patience).toEqual(['opened Kerberos-ab12']);
    room.visited();
    await room.joinAndWait({ ssid: 'Barn', passphrase: 'bales of straw' });
    await opened();
    expect(told).toEqual(['opened Kerberos-ab12', 'failed Barn']);
    room.visited();
    await room.joinAndWait({ ssid: 'Barn', passphrase: 'bales of hay' });
    expect((await room.describe()).links[0]?.ssid).toBe('Barn');
    await expect.poll(() => told.at(-1), patience).toBe('closed');
    expect(await stage.profiles()).toEqual(['Home - seven dwarfs', 'Barn infrastructure bales of hay']);
  });
});
