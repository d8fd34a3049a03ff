import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAccess } from '#device/access/access.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { openSettings } from '#device/settings/settings.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { placesIn } from '../places.ts';
import { backup } from './backup.ts';
import { resetPassword } from './reset-password.ts';
import { restore } from './restore.ts';

const nowMs = Date.UTC(2026, 5, 1, 12);
let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-test-'));
  root = join(folder, 'data');
  await mkdir(root);
});

afterEach(() => rm(folder, { recursive: true }));

async function name(deviceName: string): Promise<void> {
  const settings = await openSettings({ file: placesIn(root).settingsFile, logger: silentLogger });
  await settings.change({ deviceName });
}

async function deviceName(): Promise<string> {
  const settings = await openSettings({ file: placesIn(root).settingsFile, logger: silentLogger });
  return settings.get().deviceName;
}

async function openRoot() {
  return openAccess({ file: placesIn(root).accessFile, clock: new SimulatedClock(), logger: silentLogger });
}

async function claim(): Promise<void> {
  const access = await openRoot();
  await access.claim({ username: 'ada', password: 'correct horse battery' }, '127.0.0.1');
  await access.close();
}

async function mayEnter(password: string): Promise<boolean> {
  const access = await openRoot();
  try {
    await access.login({ username: 'ada', password }, '127.0.0.1');
    return true;
  } catch {
    return false;
  } finally {
    await access.close();
  }
}

describe('a backup', () => {
  test('brings settings and users back, and keeps what was there', async () => {
    await name('Before');
    await claim();
    const file = join(folder, 'kept.tar.gz');
    await backup(root, file);
    await name('After');
    await restore(root, file, nowMs);
    expect(await deviceName()).toBe('Before');
    expect(await mayEnter('correct horse battery')).toBe(true);
    const aside = (await readdir(root)).find((entry) => entry.startsWith('before-restore-'));
    expect(await readFile(join(root, aside ?? '', 'settings.json'), 'utf8')).toContain('After');
  });

  test('can be read by its owner alone, and leaves nothing else behind', async () => {
    await name('Before');
    const file = join(folder, 'kept.tar.gz');
    await backup(root, file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['data', 'kept.tar.gz']);
  });

  test('leaves nothing readable for others when it is put back, and speaks of no earlier device where there was none', async () => {
    await name('Before');
    await claim();
    const file = join(folder, 'kept.tar.gz');
    await backup(root, file);
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    expect(await restore(elsewhere, file, nowMs)).not.toContain('before');
    expect((await readdir(elsewhere)).sort()).toEqual(['access.db', 'settings.json']);
    for (const kept of ['access.db', 'settings.json']) expect((await stat(join(elsewhere, kept))).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a folder that does not exist', 'nowhere/kept.tar.gz', /Nothing can be written in/],
    ['the place of a folder', 'data', /is a folder/],
  ])('into %s is refused in plain words', async (_what, target, words) => {
    await name('Before');
    await expect(backup(root, join(folder, target))).rejects.toMatchObject({
      kind: 'invalid-input',
      message: expect.stringMatching(words),
    });
    expect(await readdir(folder)).toEqual(['data']);
  });

  test('of nothing is refused', async () => {
    await expect(backup(join(folder, 'nowhere'), join(folder, 'kept.tar.gz'))).rejects.toMatchObject({ kind: 'not-found' });
  });

  test.each([
    ['a text', 'not a backup at all'],
    ['nothing', ''],
  ])('that is %s is refused, and the device stays as it was', async (_what, content) => {
    await name('Before');
    const file = join(folder, 'other.tar.gz');
    await writeFile(file, content);
    await expect(restore(root, file, nowMs)).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(await deviceName()).toBe('Before');
  });

  test('with damaged settings, or with a link for a file, is refused, and the device stays as it was', async () => {
    await name('Untouched');
    const staging = join(folder, 'staging');
    await mkdir(staging);
    const settings = join(staging, 'settings.json');
    const file = join(folder, 'planted.tar.gz');
    await writeFile(settings, '{"version": 1, "device"');
    await create({ gzip: true, cwd: staging, file }, ['settings.json']);
    await expect(restore(root, file, nowMs)).rejects.toMatchObject({ kind: 'invalid-input' });
    await rm(settings);
    await symlink(placesIn(root).settingsFile, settings);
    await create({ gzip: true, cwd: staging, file }, ['settings.json']);
    await expect(restore(root, file, nowMs)).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(await deviceName()).toBe('Untouched');
  });

  test('takes the place of a damaged file, which is kept as it was with its log', async () => {
    await name('Before');
    await claim();
    const file = join(folder, 'kept.tar.gz');
    await backup(root, file);
    const { accessFile } = placesIn(root);
    const damaged = { 'access.db': 'nothing that SQLite knows', 'access.db-wal': 'the log of what was' };
    for (const [entry, text] of Object.entries(damaged)) await writeFile(join(root, entry), text);
    await restore(root, file, nowMs);
    expect((await readdir(root)).filter((entry) => entry.startsWith('access.db-'))).toEqual([]);
    expect((await stat(accessFile)).mode & 0o777).toBe(0o600);
    expect(await mayEnter('correct horse battery')).toBe(true);
    const aside = (await readdir(root)).find((entry) => entry.startsWith('before-restore-')) ?? '';
    for (const [entry, text] of Object.entries(damaged)) expect(await readFile(join(root, aside, entry), 'utf8')).toBe(text);
  });

  test('that names a file twice is refused, and the device stays as it was', async () => {
    await name('Before');
    const staging = join(folder, 'staging');
    await mkdir(staging);
    const file = join(folder, 'twice.tar');
    await writeFile(join(staging, 'settings.json'), await readFile(placesIn(root).settingsFile));
    await create({ cwd: staging, file }, ['settings.json', 'settings.json']);
    await expect(restore(root, file, nowMs)).rejects.toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining('settings.json twice'),
    });
    expect(await deviceName()).toBe('Before');
    expect((await readdir(root)).filter((entry) => /restore/.test(entry))).toEqual([]);
  });

  test('cut off half way is refused, and the device stays as it was', async () => {
    await name('Before');
    await claim();
    const file = join(folder, 'kept.tar.gz');
    await backup(root, file);
    const whole = await readFile(file);
    await chmod(file, 0o600);
    await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
    await expect(restore(root, file, nowMs)).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(await deviceName()).toBe('Before');
    expect((await readdir(root)).filter((entry) => entry.startsWith('.restore-'))).toEqual([]);
  });
});

describe('a forgotten password', () => {
  test('is replaced by one that is made up and shown once', async () => {
    await claim();
    const told = await resetPassword({ root, typed: '' });
    const password = /It is: (\S+)/.exec(told)?.[1] ?? '';
    expect(await mayEnter('correct horse battery')).toBe(false);
    expect(await mayEnter(password)).toBe(true);
  });

  test('is replaced by one that is typed, which is not shown', async () => {
    await claim();
    const told = await resetPassword({ root, typed: 'another good sentence' });
    expect(told).not.toContain('another');
    expect(await mayEnter('another good sentence')).toBe(true);
  });

  test('of a device nobody claimed is no password', async () => {
    await expect(resetPassword({ root, typed: '' })).rejects.toMatchObject({ kind: 'not-claimed' });
  });
});
