import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sbomOf } from './sbom.ts';
import { sizesOf } from './sizes.ts';

let root = '';
const files: Record<string, string> = {
  'var/lib/dpkg/status': [
    'Package: ffmpeg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7:5.1.9-0+deb12u1',
    'Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1',
  ].join('\n\n'),
  'app/node_modules/hono/package.json': '{ "name": "hono", "version": "4.13.19", "license": "MIT" }',
  'app/node_modules/@hono/node-server/package.json': '{ "name": "@hono/node-server", "version": "2.1.8" }',
  'app/node_modules/hono/node_modules/ws/package.json': '{ "name": "ws", "version": "8.0.0" }',
  'app/node_modules/ws/package.json': '{ "name": "ws", "version": "8.0.0" }',
  'app/build/device/main.js': '0123456789',
  'usr/local/bin/node': 'node',
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sbom-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('lists what is installed, once, in an order that does not change', () => {
  const sbom = sbomOf({ root, place: 'app', version: '1.2.3', epochSeconds: 1_795_305_600, nodeVersion: '24.21.0' });
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { timestamp: '2026-11-22T00:00:00.000Z' } });
  expect(sbom.components.map(({ purl }) => purl)).toEqual([
    'pkg:deb/debian/ffmpeg@7%3A5.1.9-0%2Bdeb12u1?arch=amd64',
    'pkg:generic/node@24.21.0',
    'pkg:npm/%40hono/node-server@2.1.8',
    'pkg:npm/hono@4.13.19',
    'pkg:npm/ws@8.0.0',
  ]);
});

test('tells what weighs what, and nothing twice', () => {
  const rows = Object.fromEntries(sizesOf(root, 'app').map(({ what, bytes }) => [what, bytes]));
  const all = Object.values(files).reduce((sum, text) => sum + text.length, 0);
  expect(rows).toMatchObject({ Node: 4, 'device and portal': 10, all });
});
