import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { type EmulatedNetworks, startEmulatedNetworks } from '#device/testing/emulated-networks.ts';
import { NetworkDaemon } from './network-daemon.ts';
import { NetworkRoom } from './network-room.ts';

/** The bus and what is said on it are real; the NetworkManager at its other end is emulated (testing/emulated-networks.py). */
describe('the network room on a real bus', () => {
  let stage: EmulatedNetworks;
  let stop: AbortController;
  let running: Promise<void>;
  let isGatewayThere: boolean;
  let room: NetworkRoom;
  const patience = { timeout: 10_000, interval: 50 };

  beforeAll(async () => {
    stage = await startEmulatedNetworks();
  });
  afterAll(async () => {
    await stage.close();
  });

  beforeEach(async () => {
    await stage.reset();
    isGatewayThere = true;
    stop = new AbortController();
    room = new NetworkRoom({
      clock: systemClock,
      logger: silentLogger,
      plan: null,
      gatewayAnswers: async () => isGatewayThere,
      onOpened: () => {},
      onClosed: () => {},
      onJoined: () => {},
    });
    running = room.run(stop.signal);
    await stage.air({ ssid: 'Home', passphrase: 'seven dwarfs', strength: 70 });
    await stage.air({ ssid: 'Home', passphrase: 'seven dwarfs', strength: 40 });
    await stage.air({ ssid: 'Café ☕', passphrase: null, strength: 90 });
    await stage.know('Home', 'seven dwarfs');
    await stage.join('Home');
    await expect.poll(async () => (await room.describe()).links[0]?.ssid, patience).toBe('Home');
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  test('tells by what the device is connected', async () => {
    expect(await room.describe()).toEqual({
      problem: null,
      links: [
        {
          interface: 'wlan0',
          kind: 'wifi',
          state: 'connected',
          ssid: 'Home',
          strengthPercent: 70,
          addresses: ['192.168.7.20'],
          gateway: '192.168.7.1',
        },
      ],
      known: ['Home'],
      join: null,
      setup: null,
    });
    expect(await room.checks()).toEqual([{ id: 'network.link', level: 'ok', message: 'Connected by Wi-Fi “Home”.' }]);
  });

  test('lists every network once, strongest first', async () => {
    expect(await room.scan()).toEqual([
      { ssid: 'Café ☕', strengthPercent: 90, security: 'open', known: false, connected: false },
      { ssid: 'Home', strengthPercent: 70, security: 'wpa', known: true, connected: true },
    ]);
  });

  test('joins another network and keeps it', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    expect(await room.join({ ssid: 'Barn', passphrase: 'bales of hay' })).toMatchObject({ ssid: 'Barn', phase: 'joining' });
    await expect.poll(async () => (await room.describe()).join?.phase, patience).toBe('joined');
    expect(await room.describe()).toMatchObject({ links: [{ ssid: 'Barn' }], known: ['Barn', 'Home'] });
    expect(JSON.stringify(await room.describe())).not.toContain('bales');
  });

  test('an open network needs no passphrase', async () => {
    await room.join({ ssid: 'Café ☕' });
    await expect.poll(async () => (await room.describe()).join?.phase, patience).toBe('joined');
  });

  test('a wrong passphrase leads back to the old network, and is not kept', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    await room.join({ ssid: 'Barn', passphrase: 'bales of straw' });
    await expect
      .poll(async () => (await room.describe()).join, patience)
      .toMatchObject({
        phase: 'failed',
        message: 'It did not take the passphrase.',
      });
    await expect.poll(async () => (await room.describe()).links[0]?.ssid, patience).toBe('Home');
    expect(await stage.profiles()).toEqual(['Home - seven dwarfs']);
  });

  test('a network whose router is not there leads back to the old one', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    isGatewayThere = false;
    const daemon = new NetworkDaemon(systemClock);
    const attempt = await daemon.attempt(
      { ssid: 'Barn', passphrase: 'bales of hay', hidden: false },
      { known: false, undoAfterMs: 60_000 },
    );
    await expect.poll(() => attempt.state(), patience).toEqual({ state: 'activated' });
    expect(await attempt.link()).toMatchObject({ ssid: 'Barn' });
    await attempt.undo();
    await expect.poll(async () => (await daemon.links())[0]?.ssid, patience).toBe('Home');
    daemon.close();
  });

  test('a program that ends while it joins finds the old network again: the daemon goes back by itself', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    const daemon = new NetworkDaemon(systemClock);
    const attempt = await daemon.attempt({ ssid: 'Barn', passphrase: 'bales of hay', hidden: false }, { known: false, undoAfterMs: 1000 });
    await expect.poll(async () => (await attempt.link())?.ssid, patience).toBe('Barn');
    daemon.close();
    await expect.poll(async () => (await room.describe()).links[0]?.ssid, patience).toBe('Home');
  });

  test('a new passphrase of a known network takes the place of the old one', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    await stage.know('Barn', 'an old passphrase');
    await room.join({ ssid: 'Barn', passphrase: 'bales of hay' });
    await expect.poll(async () => (await room.describe()).join?.phase, patience).toBe('joined');
    await expect.poll(() => stage.profiles(), patience).toEqual(['Home - seven dwarfs', 'Barn infrastructure bales of hay']);
  });

  test('a known network is joined with what is kept', async () => {
    await stage.air({ ssid: 'Barn', passphrase: 'bales of hay', strength: 50 });
    await stage.know('Barn', 'bales of hay');
    await room.join({ ssid: 'Barn' });
    await expect.poll(async () => (await room.describe()).join?.phase, patience).toBe('joined');
  });

  test('forgets a network once', async () => {
    await room.forget('Home');
    expect(await room.describe()).toMatchObject({ known: [] });
    await expect(room.forget('Home')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('the own access point is WPA2, is not kept, and is taken away again', async () => {
    const daemon = new NetworkDaemon(systemClock);
    await daemon.openAccessPoint({ ssid: 'Kerberos-ab12', passphrase: 'abcd-efgh-jkmn', address: '10.42.0.1' });
    await expect
      .poll(async () => (await daemon.links())[0], patience)
      .toMatchObject({ state: 'setup', ssid: null, addresses: ['10.42.0.1'] });
    expect(await stage.profiles()).toContain('kerberos-setup ap abcd-efgh-jkmn');
    expect(await daemon.known()).toEqual(['Home']);
    await daemon.closeAccessPoint();
    expect(await stage.profiles()).toEqual(['Home - seven dwarfs']);
    expect((await daemon.links())[0]).toMatchObject({ state: 'disconnected' });
    daemon.close();
  });
});

test('without NetworkManager the room says so, and nothing else happens', async () => {
  const before = process.env['DBUS_SYSTEM_BUS_ADDRESS'];
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = 'unix:path=/nowhere/bus';
  const told = { onOpened: () => {}, onClosed: () => {}, onJoined: () => {} };
  const room = new NetworkRoom({ clock: systemClock, logger: silentLogger, plan: null, ...told });
  expect(await room.describe()).toMatchObject({ problem: expect.stringContaining('NetworkManager'), links: [] });
  expect(await room.checks()).toMatchObject([{ id: 'network.link', level: 'note' }]);
  await expect(room.scan()).rejects.toMatchObject({ kind: 'unavailable' });
  if (before === undefined) delete process.env['DBUS_SYSTEM_BUS_ADDRESS'];
  else process.env['DBUS_SYSTEM_BUS_ADDRESS'] = before;
});
