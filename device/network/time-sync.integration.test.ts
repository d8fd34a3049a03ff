import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { type PrivateBus, startPrivateBus } from '#device/testing/private-bus.ts';
import { HostBus } from './host-bus.ts';
import { hostTimeSource } from './time-sync.ts';

const timedate = 'org.freedesktop.timedate1';
const timesync = 'org.freedesktop.timesync1';
const mocked = 'org.freedesktop.DBus.Mock';

/** The bus is real; systemd's services at its other end are emulated. */
let home: PrivateBus;
beforeAll(async () => {
  home = await startPrivateBus();
});
afterAll(() => home.close());

test('what the host knows of its clock is read from its bus, and own servers are named to it', async () => {
  const source = hostTimeSource(systemClock);
  await expect(source.look()).rejects.toThrow();

  await home.emulate(timedate, timedate, '/org/freedesktop/timedate1', timedate);
  const date = await HostBus.connect({ clock: systemClock, service: timedate, daemon: 'the emulation' });
  const put = (bus: HostBus, path: string, name: string, properties: object) =>
    bus.call({ path, interface: mocked, member: 'AddProperties', signature: 'sa{sv}', body: [name, properties] });
  const { Variant } = await import('@jellybrick/dbus-next');
  const flags = { NTP: new Variant('b', true), NTPSynchronized: new Variant('b', true) };
  await put(date, '/org/freedesktop/timedate1', timedate, flags);
  expect(await source.look()).toEqual({ isSynchronized: true, isAsking: true, server: null, named: null });
  await expect(source.setServers(['192.168.1.1'])).rejects.toThrow();

  await home.emulate(timesync, timesync, '/org/freedesktop/timesync1', `${timesync}.Manager`);
  const sync = await HostBus.connect({ clock: systemClock, service: timesync, daemon: 'the emulation' });
  const manager = `self.props['${timesync}.Manager']`;
  const body = `${manager}['ServerName'] = args[0][0]\n${manager}['RuntimeNTPServers'] = args[0]`;
  const method = [`${timesync}.Manager`, 'SetRuntimeNTPServers', 'as', '', body];
  await put(sync, '/org/freedesktop/timesync1', `${timesync}.Manager`, { ServerName: new Variant('s', 'pool.example.org') });
  await sync.call({ path: '/org/freedesktop/timesync1', interface: mocked, member: 'AddMethod', signature: 'sssss', body: method });
  expect(await source.look()).toMatchObject({ server: 'pool.example.org' });
  await source.setServers(['192.168.1.1', 'time.example.org']);
  expect(await source.look()).toMatchObject({ server: '192.168.1.1', named: ['192.168.1.1', 'time.example.org'] });
  date.close();
  sync.close();
});
