import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { balena } from './balena-cli.ts';
import { addWifi, setHostName, type Wifi } from './card-image.ts';
import { runProgram } from './program.ts';
import type { Release } from './stage.ts';

export interface FlashableOptions {
  folder: string;
  release: Release;
  fleet: string;
  deviceType: DeviceType;
  osVersion: string;
  /** Whoever has the file can add devices to the fleet until then. */
  keyExpires: string;
  wifi: Wifi | null;
  /** Where the files will be found; null writes only their names. */
  url: string | null;
  say(text: string): void;
}

/** What Raspberry Pi Imager calls the boards. */
const boards = {
  'raspberrypi4-64': { title: 'Raspberry Pi 4', devices: ['pi4-64bit'] },
  raspberrypi5: { title: 'Raspberry Pi 5', devices: ['pi5-64bit'] },
  'raspberrypi3-64': { title: 'Raspberry Pi 3', devices: ['pi3-64bit'] },
  'raspberrypi0-2w-64': { title: 'Raspberry Pi Zero 2 W', devices: ['pi3-64bit'] },
} as const;
export type DeviceType = keyof typeof boards;
export const deviceTypes = Object.keys(boards) as DeviceType[];

/** A file to write to a card: balenaOS, joined to the fleet, with the newest release inside, so that the first start needs no internet. */
export async function makeFlashable(options: FlashableOptions): Promise<void> {
  const { folder, release, fleet, deviceType, osVersion, wifi, say } = options;
  mkdirSync(folder, { recursive: true });
  const image = join(folder, `kerberos-edge-${release.version}-${deviceType}.img`);
  say(`Fetching balenaOS for ${deviceType}.`);
  await balena.show('os', 'download', deviceType, '--output', image, '--version', osVersion);
  const key = ['--provisioning-key-name', `kerberos-edge-${release.version}`, '--provisioning-key-expiry-date', options.keyExpires];
  await balena.show('os', 'configure', image, '--fleet', fleet, '--device-type', deviceType, '--config-network', 'ethernet', ...key);
  await setHostName(image, 'kerberos');
  if (wifi !== null) await addWifi(image, wifi);
  // Not pinned to the release: devices of pinned files never get another.
  await balena.show('preload', image, '--fleet', fleet, '--commit', 'latest');
  await pack(image, options);
}

async function pack(image: string, { deviceType, release, url, folder, say }: FlashableOptions): Promise<void> {
  const packed = `${image}.xz`;
  const whole = { bytes: statSync(image).size, sum: await sha256(image) };
  say('Packing. This takes minutes.');
  await runProgram('xz', ['--compress', '--force', '-9', '--threads=0', image]);
  if (existsSync(image)) throw new Error(`${image} is still there after it was packed`);
  const small = { bytes: statSync(packed).size, sum: await sha256(packed) };
  writeFileSync(`${packed}.sha256`, `${small.sum}  ${basename(packed)}\n${whole.sum}  ${basename(image)}\n`);
  const { title, devices } = boards[deviceType];
  const entry = {
    name: `Kerberos Edge ${release.version} (${title})`,
    description: 'A camera appliance that is yours: watches, records without losing anything, and tells you.',
    url: url === null ? basename(packed) : `${url.replace(/\/$/, '')}/${basename(packed)}`,
    release_date: new Date(release.epochSeconds * 1000).toISOString().slice(0, 10),
    extract_size: whole.bytes,
    extract_sha256: whole.sum,
    image_download_size: small.bytes,
    image_download_sha256: small.sum,
    devices,
    init_format: 'none',
  };
  const list = join(folder, `rpi-imager-${deviceType}.json`);
  writeFileSync(list, `${JSON.stringify({ os_list: [entry] }, null, 2)}\n`);
  say(`${packed}\n${list}: rpi-imager --repo FILE shows it in the list of systems`);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
