import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Networks that no one reaches from the internet. Carrier-grade NAT (100.64.0.0/10) is shared with strangers and does not count. */
function localNetworks(): BlockList {
  const networks = new BlockList();
  networks.addSubnet('127.0.0.0', 8, 'ipv4');
  networks.addSubnet('10.0.0.0', 8, 'ipv4');
  networks.addSubnet('172.16.0.0', 12, 'ipv4');
  networks.addSubnet('192.168.0.0', 16, 'ipv4');
  networks.addSubnet('169.254.0.0', 16, 'ipv4');
  networks.addAddress('::1', 'ipv6');
  networks.addSubnet('fe80::', 10, 'ipv6');
  networks.addSubnet('fc00::', 7, 'ipv6');
  return networks;
}

const local = localNetworks();
const mappedPrefix = /^::ffff:(?=\d+\.)/i;

/** The address as IPv4 where it is one inside IPv6, and without the name of the interface. */
function plainAddress(remoteAddress: string): string {
  return remoteAddress.replace(/%.*$/, '').replace(mappedPrefix, '');
}

/** Whether a socket's peer sits on this machine or its network. Anything that is not an address does not. */
export function isLocalAddress(remoteAddress: string): boolean {
  const address = plainAddress(remoteAddress);
  const version = isIP(address);
  return version !== 0 && local.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

export interface Caller {
  /** What is counted as one person's. */
  id: string;
  /** The IPv6 network that it shares with its neighbours; null when it has none or all of it. */
  network: string | null;
}

/** An IPv6 network (/64) elsewhere is one person's, with all its addresses. A network of this device is shared with all who live there. */
export function callerOf(remoteAddress: string, ownAddresses = addressesOfThisMachine): Caller {
  const address = plainAddress(remoteAddress);
  if (isIP(address) !== 6) return { id: address, network: null };
  const network = networkOf(address);
  const isShared = isLocalAddress(address) || ownAddresses().some((own) => isIP(own) === 6 && networkOf(own) === network);
  return isShared ? { id: expanded(address).join(':'), network } : { id: network, network: null };
}

function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

function networkOf(address: string): string {
  return expanded(address).slice(0, 4).join(':');
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after].map((group) => group.replace(/^0+(?=.)/, '').toLowerCase());
}
