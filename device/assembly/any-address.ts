import { networkInterfaces } from 'node:os';

/** Both kinds of addresses where the machine has both. */
export function anyAddress(): string {
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some((address) => address.family === 'IPv6'));
  return hasIpv6 ? '::' : '0.0.0.0';
}
