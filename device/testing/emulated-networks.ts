import { fileURLToPath } from 'node:url';
import { systemClock } from '#device/kernel/clock.ts';
import { HostBus } from '#device/network/host-bus.ts';
import { startPrivateBus } from './private-bus.ts';

const service = 'org.freedesktop.NetworkManager';
const root = '/org/freedesktop/NetworkManager';

interface AirNetwork {
  ssid: string;
  /** null: open. */
  passphrase: string | null;
  strength: number;
}

/** An emulated NetworkManager on a bus of its own, with one Wi-Fi. The bus, the messages on it and their types are real. */
export interface EmulatedNetworks {
  /** Puts a network on the air. */
  air(network: AirNetwork): Promise<void>;
  /** A network that was joined before. */
  know(ssid: string, passphrase: string): Promise<void>;
  /** The machine has joined it by itself. */
  join(ssid: string): Promise<void>;
  /** The router of the network in use is switched off. */
  lose(): Promise<void>;
  /** The same, and NetworkManager goes on calling it activated, as it does at times. */
  loseUnnoticed(): Promise<void>;
  /** As it was at the start: one Wi-Fi, nothing on the air, nothing kept. */
  reset(): Promise<void>;
  /** What is kept, one line a profile, with secrets. */
  profiles(): Promise<string[]>;
  close(): Promise<void>;
}

/** Sets `DBUS_SYSTEM_BUS_ADDRESS` until it is closed. Needs dbus and python3-dbusmock. */
export async function startEmulatedNetworks(): Promise<EmulatedNetworks> {
  const home = await startPrivateBus();
  await home.emulate(service, '--template', fileURLToPath(new URL('emulated-networks.py', import.meta.url)));
  const bus = await HostBus.connect({ clock: systemClock, service, daemon: 'the emulated NetworkManager' });
  const say = (name: string, member: string, signature = '', ...body: unknown[]) =>
    bus.call({ path: root, interface: name, member, signature, body });
  const mocked = 'org.freedesktop.DBus.Mock';
  const test = async (member: string, ...body: string[]) => {
    const [answer] = await say('org.kerberos.Test', member, 's'.repeat(body.length), ...body);
    return String(answer);
  };
  let points = 0;
  const reset = async () => {
    await bus.call({ path: '/org/freedesktop', interface: mocked, member: 'Reset' });
    await say(mocked, 'AddWiFiDevice', 'ssi', 'wlan0', 'wlan0', 30);
    points = 0;
  };
  await reset();
  return {
    reset,
    air: async ({ ssid, passphrase, strength }) => {
      points += 1;
      const address = `00:11:22:33:44:${points.toString(16).padStart(2, '0')}`;
      const security = passphrase === null ? 0 : 0x100;
      const point = [`${root}/Devices/wlan0`, `p${points}`, ssid, address, 2, 2425, 5400, strength, security];
      await say(mocked, 'AddAccessPoint', 'ssssuuuyu', ...point);
      if (passphrase !== null) await test('Demand', ssid, passphrase);
    },
    know: async (ssid, passphrase) => void (await test('KnowNetwork', ssid, passphrase)),
    join: async (ssid) => void (await test('Join', ssid)),
    lose: async () => void (await test('Lose')),
    loseUnnoticed: async () => void (await test('LoseUnnoticed')),
    profiles: async () => (await test('Profiles')).split('\n'),
    close: async () => {
      bus.close();
      await home.close();
    },
  };
}
