import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { openIdentity } from './identity.ts';

describe('the identity of a device', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-'));
    file = join(folder, 'identity.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is made once and kept, for nobody else to read', async () => {
    const first = await openIdentity(file, silentLogger);
    expect(first.setupPassphrase).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    expect(await openIdentity(file, silentLogger)).toEqual(first);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('is another one on every device', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, (_, number) => openIdentity(`${file}${number}`, silentLogger)));
    expect(new Set(made.map(({ setupPassphrase }) => setupPassphrase)).size).toBe(20);
    expect(new Set(made.map(({ deviceId }) => deviceId)).size).toBe(20);
  });

  test.each(['', '{"deviceId":"x"}', '{"deviceId":"abcdefgh","setupPassphrase":"short"}'])(
    'is made anew from the torn file %j',
    async (text) => {
      await writeFile(file, text);
      const made = await openIdentity(file, silentLogger);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(made);
    },
  );

  test('is there even where nothing can be kept', async () => {
    expect((await openIdentity('/proc/nowhere/identity.json', silentLogger)).setupPassphrase).toHaveLength(14);
  });
});
