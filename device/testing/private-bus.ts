import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '#device/kernel/clock.ts';
import { HostBus } from '#device/network/host-bus.ts';
import { endOf } from './lan.ts';

/** A bus of its own that this process takes for the system bus until it is closed. Needs dbus and python3-dbusmock. */
export interface PrivateBus {
  /** Starts an emulation of python3-dbusmock with these arguments, and waits until it has the name on the bus. */
  emulate(service: string, ...args: string[]): Promise<void>;
  close(): Promise<void>;
}

export async function startPrivateBus(): Promise<PrivateBus> {
  const folder = await mkdtemp(join(tmpdir(), 'private-bus-'));
  const address = `unix:path=${folder}/bus`;
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address', `--address=${address}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const _line of createInterface(bus.stdout)) break;
  const before = process.env['DBUS_SYSTEM_BUS_ADDRESS'];
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = address;
  const emulations: ChildProcess[] = [];
  return {
    emulate: async (service, ...args) => {
      emulations.push(spawn('/usr/bin/python3', ['-m', 'dbusmock', '--system', ...args], { stdio: ['ignore', 'ignore', 'inherit'] }));
      await untilOwned(service);
    },
    close: async () => {
      for (const child of [...emulations, bus]) await endOf(child);
      await rm(folder, { recursive: true, force: true });
      if (before === undefined) delete process.env['DBUS_SYSTEM_BUS_ADDRESS'];
      else process.env['DBUS_SYSTEM_BUS_ADDRESS'] = before;
    },
  };
}

async function untilOwned(service: string): Promise<void> {
  const bus = await HostBus.connect({ clock: systemClock, service: 'org.freedesktop.DBus', daemon: 'the bus' });
  const ask = { path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus', member: 'NameHasOwner', signature: 's', body: [service] };
  try {
    for (let tries = 0; tries < 400; tries += 1) {
      if ((await bus.call(ask))[0] === true) return;
      await systemClock.sleep(50);
    }
  } finally {
    bus.close();
  }
  throw new Error(`the emulation of ${service} did not start`);
}
