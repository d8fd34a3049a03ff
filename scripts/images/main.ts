import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { architectures } from './base-images.ts';
import { buildImage } from './build.ts';
import { deviceTypes, makeFlashable } from './flashable.ts';
import { releaseOf, stage } from './stage.ts';
import { packStaged } from './staged-archive.ts';

const root = join(import.meta.dirname, '../..');
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** `main.ts COMMAND [options]`, as `scripts/image --help` says. */
async function main(command: string | undefined, rest: string[]): Promise<void> {
  switch (command) {
    case 'stage': {
      const folder = join(root, 'build/balena');
      const { version } = stage(root, folder);
      say(`Staged version ${version}: balena push ORGANIZATION/FLEET --source ${folder}`);
      say(`The same as one file, for "Deploy with balena": ${await packStaged(root, folder)}`);
      return;
    }
    case 'build':
      return build(rest);
    case 'flashable':
      return flashable(rest);
    default:
      throw new Error(`There is no command "${command ?? ''}". See: scripts/image --help`);
  }
}

async function build(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
      registry: { type: 'string', default: 'docker.io/library/' },
      'own-base': { type: 'boolean', default: false },
      'pi-camera': { type: 'boolean', default: false },
    },
  });
  const architecture = architectures.find((known) => known === values.arch);
  if (!architecture) throw new Error(`There is no architecture "${values.arch}". Use one of: ${architectures.join(', ')}.`);
  const nodeFolder = join(root, 'build/image', `node-${architecture}`);
  if (values['own-base'] && !existsSync(nodeFolder)) throw new Error(`${nodeFolder} is missing: start this with scripts/image.`);
  const registry = values['own-base'] ? null : values.registry;
  await buildImage({ root, architecture, registry, piCamera: values['pi-camera'], nodeFolder, say });
}

async function flashable(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      fleet: { type: 'string' },
      type: { type: 'string' },
      os: { type: 'string', default: 'latest' },
      'key-expires': { type: 'string' },
      'wifi-ssid': { type: 'string' },
      url: { type: 'string' },
    },
  });
  const { fleet, 'key-expires': keyExpires, 'wifi-ssid': ssid } = values;
  const deviceType = deviceTypes.find((known) => known === values.type);
  if (fleet === undefined || !/^[\w-]+\/[\w-]+$/.test(fleet)) throw new Error('Name the fleet: --fleet ORGANIZATION/NAME');
  if (!deviceType) throw new Error(`Name the board: --type ${deviceTypes.join(' | ')}`);
  if (keyExpires === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(keyExpires)) {
    throw new Error('Whoever has the file can add devices to the fleet. Say until when: --key-expires YYYY-MM-DD');
  }
  await makeFlashable({
    ...{ folder: join(root, 'build/flashable'), release: releaseOf(root), fleet, deviceType, osVersion: values.os, keyExpires },
    wifi: ssid === undefined ? null : { ssid, passphrase: readFileSync(0, 'utf8').trimEnd() },
    url: values.url ?? null,
    say,
  });
}

try {
  const [command, ...rest] = process.argv.slice(2);
  await main(command, rest);
} catch (error) {
  say(`kerberos-edge: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
