import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../testing/watched-program.ts', import.meta.url));

/** The thread and the program are real; the watchdog of the machine is a plain file, which keeps what it is fed and never bites. */
describe('a program that watches itself', { timeout: 20_000 }, () => {
  let folder: string;
  let words: string;
  let device: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watched-'));
    words = join(folder, 'last-words.json');
    device = join(folder, 'watchdog');
    await writeFile(device, '');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const live = async (fate: string, watchdog: string) => {
    const child = spawn(process.execPath, [program, words, watchdog, fate], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code, signal] = await once(child, 'exit');
    return { code, signal, said: said.trim() };
  };

  test('is ended when its loop hangs, leaves why, and its last feed is no farewell', async () => {
    expect(await live('hang', device)).toEqual({ code: null, signal: 'SIGKILL', said: 'fed' });
    expect(await readFile(words, 'utf8')).toContain('no longer moved');
    expect(await readFile(device, 'latin1')).toMatch(/^\0{9,}$/);
  });

  test('is ended when it does not manage to end by itself', async () => {
    expect(await live('end', device)).toMatchObject({ code: null, signal: 'SIGKILL' });
    await expect(readFile(words)).rejects.toThrow('ENOENT');
  });

  test('stops in order with the letter that means it', async () => {
    expect(await live('stop', device)).toEqual({ code: 0, signal: null, said: 'fed' });
    expect(await readFile(device, 'latin1')).toMatch(/^\0{3,}V$/);
  });

  test('watches itself alone where the machine has no watchdog', async () => {
    expect(await live('hang', join(folder, 'absent'))).toEqual({ code: null, signal: 'SIGKILL', said: 'refused' });
  });
});
