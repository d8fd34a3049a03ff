import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

export interface LocalAddress {
  /** -1 when the machine does not tell it. */
  interfaceIndex: number;
  address: string;
}

/**
 * Addresses under which this machine is reached, each with its interface: an address of an inner network (a container bridge)
 * is then told in that network alone. Link-local ones only where an interface has no other.
 */
export async function localAddresses(): Promise<LocalAddress[]> {
  const found: LocalAddress[] = [];
  for (const [name, list] of Object.entries(networkInterfaces())) {
    const outside = (list ?? []).filter((entry) => !entry.internal);
    const routable = outside.filter((entry) => !isLinkLocal(entry.address));
    const interfaceIndex = await indexOf(name);
    for (const { address } of routable.length > 0 ? routable : outside) found.push({ interfaceIndex, address });
  }
  return found;
}

function isLinkLocal(address: string): boolean {
  return address.startsWith('fe80:') || address.startsWith('169.254.');
}

async function indexOf(name: string): Promise<number> {
  const text = await readFile(`/sys/class/net/${name}/ifindex`, 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : -1;
}
