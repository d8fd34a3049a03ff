import type { NetworkLink } from '#device/contract/contract.ts';
import { ssidOf } from './access-points.ts';
import { accessPointId } from './connection-profiles.ts';
import { type HostBus, isRecord, type Properties } from './host-bus.ts';

/** Names of NetworkManager on the bus. */
export const names = {
  service: 'org.freedesktop.NetworkManager',
  device: 'org.freedesktop.NetworkManager.Device',
  wireless: 'org.freedesktop.NetworkManager.Device.Wireless',
  accessPoint: 'org.freedesktop.NetworkManager.AccessPoint',
  active: 'org.freedesktop.NetworkManager.Connection.Active',
  settings: 'org.freedesktop.NetworkManager.Settings',
  profile: 'org.freedesktop.NetworkManager.Settings.Connection',
  ip4: 'org.freedesktop.NetworkManager.IP4Config',
} as const;

export const paths = {
  daemon: '/org/freedesktop/NetworkManager',
  settings: '/org/freedesktop/NetworkManager/Settings',
  none: '/',
} as const;

const kinds: Readonly<Record<number, NetworkLink['kind']>> = { 1: 'ethernet', 2: 'wifi' };
const states = { disconnected: 30, activated: 100 } as const;
const modeAccessPoint = 3;
/** A house has a handful of interfaces, a person some dozens of networks: more is nothing that a screen should show. */
const mostObjects = 100;

/** A link with its places on the bus. */
export interface Device {
  path: string;
  link: NetworkLink;
  active: string;
  /** It is an access point, or becomes one. */
  isAccessPoint: boolean;
}

export interface SavedProfile {
  path: string;
  id: string;
  ssid: string | null;
}

export function pathsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((path): path is string => typeof path === 'string').slice(0, mostObjects) : [];
}

export async function readDevices(bus: HostBus): Promise<Device[]> {
  const [list] = await bus.call({ path: paths.daemon, interface: names.service, member: 'GetDevices' });
  const found: Device[] = [];
  for (const path of pathsIn(list)) {
    const device = await readDevice(bus, path);
    if (device) found.push(device);
  }
  return found;
}

/** null for what is no way to others: bridges, loopback, what NetworkManager leaves alone. */
async function readDevice(bus: HostBus, path: string): Promise<Device | null> {
  const properties = await optional(bus, path, names.device);
  const kind = kinds[numberIn(properties, 'DeviceType')];
  if (!kind || properties['Managed'] === false) return null;
  const state = numberIn(properties, 'State');
  const wireless = kind === 'wifi' ? await optional(bus, path, names.wireless) : {};
  const isAccessPoint = wireless['Mode'] === modeAccessPoint && state > states.disconnected && state <= states.activated;
  // When a router goes and the supplicant listens again at once, NetworkManager 1.42 goes on calling the network activated.
  const isLost = kind === 'wifi' && state === states.activated && wireless['ActiveAccessPoint'] === paths.none && !isAccessPoint;
  const isConnected = state === states.activated && !isLost;
  const point = isConnected && !isAccessPoint ? await optional(bus, wireless['ActiveAccessPoint'], names.accessPoint) : {};
  const ip4 = isConnected ? await optional(bus, properties['Ip4Config'], names.ip4) : {};
  const strength = point['Strength'];
  const gateway = ip4['Gateway'];
  const link: NetworkLink = {
    interface: String(properties['Interface'] ?? ''),
    kind,
    state: isConnected && isAccessPoint ? 'setup' : isLost ? 'connecting' : linkState(state),
    ssid: ssidOf(point['Ssid']),
    strengthPercent: typeof strength === 'number' ? strength : null,
    addresses: addressesIn(ip4['AddressData']),
    gateway: typeof gateway === 'string' && gateway !== '' ? gateway : null,
  };
  return { path, link, active: String(properties['ActiveConnection'] ?? paths.none), isAccessPoint };
}

/** Never with secrets: NetworkManager tells those only to who asks for them. */
export async function readProfiles(bus: HostBus): Promise<SavedProfile[]> {
  const [list] = await bus.call({ path: paths.settings, interface: names.settings, member: 'ListConnections' });
  const found: SavedProfile[] = [];
  for (const path of pathsIn(list)) {
    const [profile] = await bus.call({ path, interface: names.profile, member: 'GetSettings' }).catch(() => []);
    if (!isRecord(profile) || !isRecord(profile['connection'])) continue;
    const wireless = profile['802-11-wireless'];
    const ssid = isRecord(wireless) ? ssidOf(wireless['ssid']) : null;
    found.push({ path, id: String(profile['connection']['id'] ?? ''), ssid });
  }
  return found;
}

/** Profiles of Wi-Fi networks of others. */
export function ofOthers(profiles: readonly SavedProfile[]): (SavedProfile & { ssid: string })[] {
  return profiles.flatMap((profile) => (profile.ssid === null || profile.id === accessPointId ? [] : [{ ...profile, ssid: profile.ssid }]));
}

/** Empty for an object that is not there (any more). */
async function optional(bus: HostBus, path: unknown, name: string): Promise<Properties> {
  if (typeof path !== 'string' || path === paths.none) return {};
  return bus.properties(path, name).catch((error: unknown) => {
    if (bus.isLost) throw error;
    return {};
  });
}

function linkState(state: number): NetworkLink['state'] {
  if (state === states.activated) return 'connected';
  if (state < states.disconnected) return 'unavailable';
  return state > states.disconnected && state < states.activated ? 'connecting' : 'disconnected';
}

function numberIn(properties: Properties, name: string): number {
  const value = properties[name];
  return typeof value === 'number' ? value : 0;
}

function addressesIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => (isRecord(entry) && typeof entry['address'] === 'string' ? [entry['address']] : []));
}
