import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { textInMemory } from '#device/testing/planted-kernel.ts';
import { PhysicalReset } from './physical-reset.ts';

describe('the way back in without a keyboard', () => {
  let folder: string;
  let file: string;
  let done: string[];
  let told: string[];
  let memory: ReturnType<typeof textInMemory>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boot-'));
    file = join(folder, 'kerberos-reset');
    done = [];
    told = [];
    memory = textInMemory();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const reset = (remove?: () => Promise<void>) =>
    new PhysicalReset({
      ...(remove ? { remove } : {}),
      access: {
        setPassword: async (password) => {
          if (password.length < 10) throw new Failure('invalid-input', 'The password is too short.');
          done.push(`password ${password}`);
          return 'anna';
        },
        release: async () => void done.push('released'),
      },
      journal: { begin: () => {}, end: () => {}, record: ({ message }) => told.push(message) },
      logger: silentLogger,
      files: [join(folder, 'absent', 'kerberos-reset'), file],
      memory,
    });

  test('without a file nothing happens', async () => {
    await reset().lookForFile();
    expect([done, told]).toEqual([[], []]);
  });

  test('an empty file lets the device be claimed anew, once', async () => {
    await writeFile(file, '\n');
    await reset().lookForFile();
    await reset().lookForFile();
    expect(done).toEqual(['released']);
    expect(told).toEqual([expect.stringMatching(/whoever visits next from this network is the owner\. Recordings stay\.$/)]);
  });

  test('a file with a password gives it to the owner, keeps it from everybody else, and is gone', async () => {
    await writeFile(file, 'a wall has ears\r\n');
    await reset().lookForFile();
    expect(done).toEqual(['password a wall has ears']);
    expect(told.join()).not.toContain('wall');
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  test('a password that is none changes nothing and is told', async () => {
    await writeFile(file, 'short\n');
    await reset().lookForFile();
    expect(done).toEqual([]);
    expect(told).toEqual(['A reset file was on the boot partition. It changed nothing: The password is too short. Recordings stay.']);
  });

  test('a file on a card that may only be read counts once, until it is written anew', async () => {
    await writeFile(file, '');
    const readOnly = async () => {
      throw new Error('EROFS');
    };
    await reset(readOnly).lookForFile();
    await reset(readOnly).lookForFile();
    expect(done).toEqual(['released']);
    await writeFile(file, 'another long password');
    await reset(readOnly).lookForFile();
    expect(done).toEqual(['released', 'password another long password']);
  });

  test('the button releases the device and says so', async () => {
    await reset().released();
    expect(done).toEqual(['released']);
    expect(told).toEqual([expect.stringContaining('The reset button was held.')]);
  });
});
