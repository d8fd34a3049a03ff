import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = join(import.meta.dirname, '../../image/entry.sh');
let folder = '';
let mounts: string[] = [];

/** `kerberos` only says what it was asked for; `unshare` stands in for udev's start, which would touch this machine's devices. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entry-'));
  mounts = [];
  mkdirSync(join(folder, 'programs'));
  program('kerberos', 'echo "kerberos $*"');
  for (const name of ['unshare', 'udevadm', 'mount']) program(name, 'exit 0');
});

afterEach(() => {
  for (const place of mounts) execFileSync('umount', [place]);
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string, line: string): void {
  const file = join(folder, 'programs', name);
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

function enter(data: string, ...args: string[]) {
  const path = [join(folder, 'programs'), process.env['PATH']].join(delimiter);
  const { stdout, stderr } = spawnSync(entry, args, { env: { PATH: path, KERBEROS_DATA_DIR: data }, encoding: 'utf8' });
  return { started: stdout.trim(), said: stderr };
}

function volume(options: string): string {
  const place = mkdtempSync(join(folder, 'volume-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
  mounts.push(place);
  return place;
}

test('a sound volume: the device is run, with its arguments', () => {
  expect(enter(folder, 'run', '--no-demo').started).toBe('kerberos run --no-demo');
});

test('a volume that can only be read: the rescue page takes its place', () => {
  const { started, said } = enter(volume('size=1m,ro'), 'run');
  expect(started).toBe('kerberos rescue');
  expect(said).toContain('Read-only file system');
});

test('a volume that is not there: the rescue page', () => {
  expect(enter(join(folder, 'nowhere'), 'run').started).toBe('kerberos rescue');
});

test('a full volume is the device’s own affair', () => {
  const place = volume('size=64k');
  expect(() => writeFileSync(join(place, 'recordings'), Buffer.alloc(128 * 1024))).toThrow('ENOSPC');
  expect(enter(place, 'run').started).toBe('kerberos run');
});

test('without udev it goes on, and says what is missing then', () => {
  program('unshare', 'exit 1');
  const { started, said } = enter(folder, 'run');
  expect(started).toBe('kerberos run');
  expect(said).toContain('udev did not start');
});

test('other commands ask nothing of the volume', () => {
  expect(enter(join(folder, 'nowhere'), 'check', '--data', '/data').started).toBe('kerberos check --data /data');
});
