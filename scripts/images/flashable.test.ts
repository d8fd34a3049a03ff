import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { read } from 'balena-config-json';
import { interact } from 'balena-image-fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { balena } from './balena-cli.ts';
import { makeFlashable } from './flashable.ts';

const root = join(import.meta.dirname, '../..');
const sectorBytes = 512;
const firstSector = 2_048;
const bootBytes = 16 * 1_048_576;
let folder = '';
const image = 'kerberos-edge-1.2.3-raspberrypi4-64.img';

/** A card with one boot partition as balenaOS has it: FAT16, named resin-boot, with a config.json. */
function syntheticCard(file: string): void {
  const boot = `${file}.boot`;
  writeFileSync(boot, Buffer.alloc(bootBytes));
  execFileSync('mkfs.fat', ['-F', '16', '-n', 'resin-boot', boot], { stdio: 'ignore' });
  const card = Buffer.alloc(firstSector * sectorBytes + bootBytes);
  readFileSync(boot).copy(card, firstSector * sectorBytes);
  const entry = 446;
  card.writeUInt8(0x0e, entry + 4);
  card.writeUInt32LE(firstSector, entry + 8);
  card.writeUInt32LE(bootBytes / sectorBytes, entry + 12);
  card.writeUInt16LE(0xaa55, 510);
  writeFileSync(file, card);
}

/** One file is made, with everything that can be asked for, and looked at from all sides. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flashable-'));
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(
    join(programs, 'balena'),
    `#!/bin/sh\nexec "${process.execPath}" "${import.meta.dirname}/stub-balena.ts" "${folder}" "$@"\n`,
  );
  chmodSync(join(programs, 'balena'), 0o755);
  vi.stubEnv('PATH', [programs, process.env['PATH']].join(delimiter));
  const card = join(folder, 'os.img');
  syntheticCard(card);
  await interact(card, 1, (fs) => promisify(fs.writeFile)('/config.json', '{"deviceType":"raspberrypi4-64","apiKey":"secret"}'));
  await makeFlashable({
    ...{ folder: join(folder, 'out'), release: { version: '1.2.3', epochSeconds: 1_795_305_600 }, fleet: 'org/edge' },
    ...{ deviceType: 'raspberrypi4-64', osVersion: 'latest', keyExpires: '2027-01-31', url: 'https://example.com/images/' },
    wifi: { ssid: 'Home', passphrase: 'a long secret' },
    say: () => {},
  });
  execFileSync('xz', ['--decompress', '--keep', join(folder, 'out', `${image}.xz`)]);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function calls(): string[] {
  const lines = readFileSync(join(folder, 'calls.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line).join(' ').replaceAll(join(folder, 'out'), 'OUT'));
}

test('asks balena for the system, joins it to the fleet with a key that ends, and puts the newest release in', () => {
  expect(calls()).toEqual([
    `os download raspberrypi4-64 --output OUT/${image} --version latest`,
    `os configure OUT/${image} --fleet org/edge --device-type raspberrypi4-64 --config-network ethernet --provisioning-key-name kerberos-edge-1.2.3 --provisioning-key-expiry-date 2027-01-31`,
    `preload OUT/${image} --fleet org/edge --commit latest`,
  ]);
});

test('the box is called kerberos from its first start, and keeps what balena has written', async () => {
  expect(await read(join(folder, 'out', image), '')).toEqual({ deviceType: 'raspberrypi4-64', apiKey: 'secret', hostname: 'kerberos' });
});

test('a Wi-Fi network is written to the boot partition and stands in no command', async () => {
  const keyfile = await interact(join(folder, 'out', image), 1, (fs) =>
    promisify(fs.readFile)('/system-connections/kerberos-wifi', { encoding: 'utf8' }),
  );
  expect(keyfile).toContain('ssid=Home\n');
  expect(keyfile).toContain('psk=a long secret\n');
  expect(calls().join()).not.toContain('a long secret');
});

test('sums and sizes are those of the files, for people and for Raspberry Pi Imager', () => {
  const sum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, 'out', name)))
      .digest('hex');
  expect(readFileSync(join(folder, 'out', `${image}.xz.sha256`), 'utf8')).toBe(
    `${sum(`${image}.xz`)}  ${image}.xz\n${sum(image)}  ${image}\n`,
  );
  const { os_list: entries } = JSON.parse(readFileSync(join(folder, 'out/rpi-imager-raspberrypi4-64.json'), 'utf8'));
  expect(entries).toEqual([
    expect.objectContaining({
      name: 'Kerberos Edge 1.2.3 (Raspberry Pi 4)',
      url: `https://example.com/images/${image}.xz`,
      release_date: '2026-11-22',
      extract_size: readFileSync(join(folder, 'out', image)).length,
      extract_sha256: sum(image),
      image_download_size: readFileSync(join(folder, 'out', `${image}.xz`)).length,
      image_download_sha256: sum(`${image}.xz`),
    }),
  ]);
});

test('the stand-in refuses what balena’s command line does not know', async () => {
  await expect(balena.json('env', 'list', '--application', 'org/edge')).rejects.toThrow('Nonexistent flag: --application');
  await expect(balena.json('env', 'list', 'org/edge')).rejects.toThrow('takes 0 operands');
});

test('a fleet is made what the file says, and a second time nothing is done', () => {
  const variable = (id: number, name: string, value: string) => ({ id, name, value, deviceUUID: '*', serviceName: '*' });
  const others = [
    variable(1, 'BALENA_HOST_CONFIG_start_x', '1'),
    variable(2, 'TZ', 'UTC'),
    variable(3, 'BALENA_HOST_CONFIG_gpu_mem', '16'),
  ];
  writeFileSync(join(folder, 'variables.json'), JSON.stringify(others));
  const file = join(folder, 'fleet.json');
  const wanted = {
    hostConfig: { BALENA_HOST_CONFIG_gpu_mem: '64' },
    variables: { KERBEROS_ANNOUNCE: 'yes' },
    retired: ['BALENA_HOST_CONFIG_start_x'],
  };
  writeFileSync(file, JSON.stringify(wanted));
  const apply = (...args: string[]) =>
    execFileSync(process.execPath, [join(root, 'scripts/fleets/main.ts'), 'org/edge', '--file', file, ...args], { encoding: 'utf8' });
  const values = () => {
    const found: { name: string; value: string }[] = JSON.parse(readFileSync(join(folder, 'variables.json'), 'utf8'));
    return Object.fromEntries(found.map(({ name, value }) => [name, value]));
  };
  expect(apply('--dry-run')).toContain('BALENA_HOST_CONFIG_gpu_mem becomes 64 (was 16)');
  expect(values()).toEqual({ BALENA_HOST_CONFIG_start_x: '1', TZ: 'UTC', BALENA_HOST_CONFIG_gpu_mem: '16' });
  apply();
  expect(values()).toEqual({ TZ: 'UTC', BALENA_HOST_CONFIG_gpu_mem: '64', KERBEROS_ANNOUNCE: 'yes' });
  expect(apply()).toBe('org/edge is as it should be.\n');
});
