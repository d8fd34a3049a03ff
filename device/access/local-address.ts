import { BlockList, isIP } from 'node:net';

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

/** Who counts as one caller: an IPv4 address, or the /64 network of an IPv6 address, since one person has all of it. */
export function callerOf(remoteAddress: string): string {
  const address = plainAddress(remoteAddress);
  return isIP(address) === 6 ? expanded(address).slice(0, 4).join(':') : address;
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after].map((group) => group.replace(/^0+(?=.)/, '').toLowerCase());
}
