import { isUtf8 } from 'node:buffer';
import { limits, type WifiSecurity } from '#device/contract/contract.ts';
import type { Properties } from './host-bus.ts';

/** A neighbourhood has some dozens; whoever sends more names into the air wants something else. */
const networksMax = 64;
const privacy = 0x1;
const keyManagementPsk = 0x100;
const keyManagementEnterprise = 0x200;
const keyManagementSae = 0x400;

export interface HeardNetwork {
  ssid: string;
  strengthPercent: number;
  security: WifiSecurity;
}

/** The name behind the bytes; null for hidden ones and for bytes that are no text, which nobody could type. */
export function ssidOf(bytes: unknown): string | null {
  const buffer = Array.isArray(bytes) ? Buffer.from(bytes) : bytes;
  if (!Buffer.isBuffer(buffer) || buffer.length === 0 || buffer.length > limits.ssidBytes || !isUtf8(buffer)) return null;
  const text = buffer.toString('utf8');
  return /\p{Cc}/u.test(text) ? null : text;
}

function securityOf(properties: Properties): WifiSecurity {
  const flagsOf = (name: string) => (typeof properties[name] === 'number' ? properties[name] : 0);
  const offers = flagsOf('WpaFlags') | flagsOf('RsnFlags');
  if (offers & (keyManagementPsk | keyManagementSae)) return 'wpa';
  if (offers & keyManagementEnterprise) return 'enterprise';
  return flagsOf('Flags') & privacy ? 'wep' : 'open';
}

/** One entry a network, by its strongest access point, strongest first. What access points say of themselves is not trusted. */
export function networksOf(accessPoints: readonly Properties[]): HeardNetwork[] {
  const strongest = new Map<string, HeardNetwork>();
  for (const properties of accessPoints) {
    const ssid = ssidOf(properties['Ssid']);
    const strength = properties['Strength'];
    if (ssid === null || typeof strength !== 'number') continue;
    const heard = { ssid, strengthPercent: Math.min(100, Math.max(0, strength)), security: securityOf(properties) };
    if (heard.strengthPercent > (strongest.get(ssid)?.strengthPercent ?? -1)) strongest.set(ssid, heard);
  }
  return [...strongest.values()].sort((one, other) => other.strengthPercent - one.strengthPercent).slice(0, networksMax);
}
