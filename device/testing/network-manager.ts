import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#device/kernel/clock.ts';
import { HostBus } from '#device/network/host-bus.ts';
import { endOf } from './lan.ts';

const service = 'org.freedesktop.NetworkManager';
const root = '/org/freedesktop/NetworkManager';

interface AirNetwork {
  ssid: string;
  /** null: open. */
  passphrase: string | null;
  strength: number;
}

/** An emulated NetworkManager on a bus of its own, with one Wi-Fi. The bus, the messages on it and their types are real. */
export interface NetworkManagerStage {
  busAddress: string;
  /** Puts a network on the air. */
  air(network: AirNetwork): Promise<void>;
  /** A network that was joined before. */
  know(ssid: string, passphrase: string): Promise<void>;
  /** The machine has joined it by itself. */
  join(ssid: string): Promise<void>;
  /** It lets everybody in and gives no address. */
  mute(ssid: string): Promise<void>;
  /** The router of the network in use is switched off. */
  lose(): Promise<void>;
  /** As it was at the start: one Wi-Fi, nothing on the air, nothing kept. */
  reset(): Promise<void>;
  /** What is kept, one line a profile, with secrets. */
  profiles(): Promise<string[]>;
  close(): Promise<void>;
}

/** Sets `DBUS_SYSTEM_BUS_ADDRESS` until it is closed. Needs dbus and python3-dbusmock. */
export async function startNetworkManager(): Promise<NetworkManagerStage> {
  const folder = await mkdtemp(join(tmpdir(), 'network-manager-'));
  const busAddress = `unix:path=${folder}/bus`;
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address', `--address=${busAddress}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const _line of createInterface(bus.stdout)) break;
  const before = process.env['DBUS_SYSTEM_BUS_ADDRESS'];
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = busAddress;
  const template = fileURLToPath(new URL('network-manager.py', import.meta.url));
  const mock = spawn('/usr/bin/python3', ['-m', 'dbusmock', '--system', '--template', template], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const client = await HostBus.connect({ clock: systemClock, service: 'org.freedesktop.DBus', daemon: 'the bus' });
  const close = async () => {
    client.close();
    await endOf(mock);
    if (bus.exitCode === null) {
      bus.kill('SIGTERM');
      await once(bus, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env['DBUS_SYSTEM_BUS_ADDRESS'];
    else process.env['DBUS_SYSTEM_BUS_ADDRESS'] = before;
  };
  await untilOwned(client);
  const stage = await HostBus.connect({ clock: systemClock, service, daemon: 'the emulated NetworkManager' });
  const say = (name: string, member: string, signature: string, ...body: unknown[]) =>
    stage.call({ path: root, interface: name, member, signature, body });
  const mocked = 'org.freedesktop.DBus.Mock';
  const test = 'org.kerberos.Test';
  let points = 0;
  const reset = async () => {
    await stage.call({ path: '/org/freedesktop', interface: mocked, member: 'Reset' });
    await say(mocked, 'AddWiFiDevice', 'ssi', 'wlan0', 'wlan0', 30);
    points = 0;
  };
  await reset();
  return {
    busAddress,
    reset,
    air: async ({ ssid, passphrase, strength }) => {
      points += 1;
      const address = `00:11:22:33:44:${points.toString(16).padStart(2, '0')}`;
      const security = passphrase === null ? 0 : 0x100;
      await say(
        mocked,
        'AddAccessPoint',
        'ssssuuuyu',
        `${root}/Devices/wlan0`,
        `p${points}`,
        ssid,
        address,
        2,
        2425,
        5400,
        strength,
        security,
      );
      if (passphrase !== null) await say(test, 'Demand', 'ss', ssid, passphrase);
    },
    know: async (ssid, passphrase) => {
      await say(test, 'KnowNetwork', 'ss', ssid, passphrase);
    },
    join: async (ssid) => {
      await say(test, 'Join', 's', ssid);
    },
    mute: async (ssid) => {
      await say(test, 'Mute', 's', ssid);
    },
    lose: async () => {
      await say(test, 'Lose', '');
    },
    profiles: async () => String((await say(test, 'Profiles', ''))[0]).split('\n'),
    close: async () => {
      stage.close();
      await close();
    },
  };
}

async function untilOwned(bus: HostBus): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const [isOwned] = await bus.call({
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'NameHasOwner',
      signature: 's',
      body: [service],
    });
    if (isOwned === true) return;
    await systemClock.sleep(50);
  }
  throw new Error('the emulated NetworkManager did not start');
}
