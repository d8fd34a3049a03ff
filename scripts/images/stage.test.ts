import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalize } from '@balena/compose/dist/parse/index.js';
import { Contract } from '@balena/contrato';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { baseNames } from './base-images.ts';
import { runProgram } from './program.ts';
import { type Release, stage } from './stage.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';
let staged = '';
let release: Release;
const text = (file: string) => readFileSync(join(staged, file), 'utf8');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
  staged = join(folder, 'balena');
  release = stage(root, staged);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the compose file says to balena’s own parser what the device needs of its host', () => {
  const { services = {}, volumes } = normalize(parse(text('docker-compose.yml')));
  expect(Object.keys(services)).toEqual(['kerberos']);
  expect(services['kerberos']).toMatchObject({
    privileged: true,
    network_mode: 'host',
    restart: 'always',
    volumes: ['data:/data'],
    build: { context: '.', dockerfile: 'image/Dockerfile' },
    labels: { 'io.balena.features.dbus': '1', 'io.balena.features.supervisor-api': '1', 'io.balena.features.balena-api': '1' },
  });
  expect(Object.keys(volumes ?? {})).toEqual(['data']);
});

test.each([
  ['a folder of the host', { volumes: ['/run/udev:/run/udev'] }],
  ['a word that balena does not know', { colour: 'blue' }],
])('balena’s parser would refuse %s', (_, wrong) => {
  const composition = parse(text('docker-compose.yml'));
  Object.assign(composition.services.kerberos, wrong);
  expect(() => normalize(composition)).toThrow();
});

test('balena.yml carries the version of package.json, unquoted, and is a contract', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(text('balena.yml')).toContain(`\nversion: ${version}\n`);
  const contract = new Contract({ ...parse(text('balena.yml')), slug: 'kerberos-edge' });
  expect(contract.getType()).toBe('sw.application');
  expect(contract.getVersion()).toBe(version);
});

test('the host configuration is the same for a fleet of ours and for a deployed one', () => {
  const { hostConfig } = JSON.parse(readFileSync(join(root, 'image/host-config.json'), 'utf8'));
  const { applicationConfigVariables, defaultDeviceType, supportedDeviceTypes } = parse(text('balena.yml')).data;
  expect(Object.assign({}, ...applicationConfigVariables)).toEqual(hostConfig);
  expect(supportedDeviceTypes).toContain(defaultDeviceType);
});

test('everything that the Dockerfile copies is there, and nothing that only developers need', () => {
  const copied = [...text('image/Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  expect(copied).toContain('image/entry.sh');
  expect(copied.filter((name) => !existsSync(join(staged, name)))).toEqual([]);
  for (const name of ['device/main.ts', 'portal/index.html']) expect(existsSync(join(staged, name)), name).toBe(true);
  for (const name of ['device/testing', 'device/assembly/arguments.test.ts', 'hardware-tests', 'node_modules', '.git']) {
    expect(existsSync(join(staged, name)), name).toBe(false);
  }
});

test('equal sources are staged as equal bytes', async () => {
  const again = join(folder, 'again');
  stage(root, again);
  const sums = (path: string) => runProgram('sh', ['-c', 'tar --sort=name --numeric-owner -cf - . | sha256sum'], { cwd: path });
  expect(await sums(again)).toBe(await sums(staged));
  expect(release.epochSeconds).toBeGreaterThan(1_700_000_000);
});

test('the image runs the Node that developers have', () => {
  const [node = '', debian = ''] = baseNames(text('image/Dockerfile'), 'arm64');
  const developers = /^node_version=(.*)$/m.exec(readFileSync(join(root, 'scripts/lib/node.sh'), 'utf8'))?.[1];
  expect(node).toBe(`localhost/kerberos-edge/arm64/node:${developers}-bookworm-slim`);
  expect(debian).toBe('localhost/kerberos-edge/arm64/debian:bookworm-slim');
});
