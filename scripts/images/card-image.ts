import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { read, write } from 'balena-config-json';
import { interact } from 'balena-image-fs';
import { z } from 'zod';

const configSchema = z.record(z.string(), z.unknown());
const bootPartition = 1;

export interface Wifi {
  ssid: string;
  passphrase: string;
}

/** The name that the box has from its first start, before anything of ours runs: `kerberos` makes kerberos.local. */
export async function setHostName(image: string, hostname: string): Promise<void> {
  const config = configSchema.parse(await read(image, ''));
  await write(image, '', { ...config, hostname });
}

/** A network to join at the first start, as NetworkManager keeps it. Written by us, so that the passphrase stands in no list of processes. */
export async function addWifi(image: string, wifi: Wifi): Promise<void> {
  await interact(image, bootPartition, async (fs) => {
    const folder = '/system-connections';
    await promisify(fs.mkdir)(folder).catch((error: unknown) => {
      // This file system calls it EXIST, others EEXIST.
      if (!(error instanceof Error && 'code' in error && /^E?EXIST$/.test(String(error.code)))) throw error;
    });
    await promisify(fs.writeFile)(`${folder}/kerberos-wifi`, keyfile(wifi));
  });
}

function keyfile({ ssid, passphrase }: Wifi): string {
  if (passphrase.length < 8 || passphrase.length > 63) throw new Error('The passphrase of a Wi-Fi network has 8 to 63 characters.');
  if (/[\n\r;]/.test(ssid + passphrase))
    throw new Error('The name and the passphrase of a Wi-Fi network hold no line ends and semicolons here.');
  return [
    ...['[connection]', 'id=kerberos-wifi', `uuid=${randomUUID()}`, 'type=wifi', ''],
    ...['[wifi]', 'mode=infrastructure', `ssid=${ssid}`, ''],
    ...['[wifi-security]', 'auth-alg=open', 'key-mgmt=wpa-psk', `psk=${passphrase}`, ''],
    ...['[ipv4]', 'method=auto', '', '[ipv6]', 'addr-gen-mode=stable-privacy', 'method=auto', ''],
  ].join('\n');
}
