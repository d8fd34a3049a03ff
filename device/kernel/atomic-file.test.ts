import * as nodeFileSystem from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AtomicFileSystem, makeDirectory, temporaryPathOf, writeFileAtomically } from './atomic-file.ts';

class PowerCut extends Error {}

/** Does the first `steps` calls for real; from then on nothing reaches the disk, as after a power cut. */
function failingAfter(steps: number): { fileSystem: AtomicFileSystem; done: string[] } {
  const done: string[] = [];
  const step = (name: string) => {
    if (done.length >= steps) throw new PowerCut(name);
    done.push(name);
  };
  const fileSystem = {
    rm: async (path: string) => {
      step('rm');
      await nodeFileSystem.rm(path, { force: true });
    },
    rename: async (from: string, to: string) => {
      step('rename');
      await nodeFileSystem.rename(from, to);
    },
    open: async (path: string, flags: string, mode?: number) => {
      step(`open ${flags}`);
      const file = await nodeFileSystem.open(path, flags, mode);
      const watched = (name: 'chmod' | 'writeFile' | 'sync') => {
        const original = Reflect.get(file, name).bind(file) as (...values: unknown[]) => Promise<unknown>;
        Reflect.set(file, name, async (...values: unknown[]) => {
          try {
            step(name);
          } catch (error) {
            // Half of the content may be on the disk when the power goes.
            if (name === 'writeFile') await original(String(values[0]).slice(0, 3));
            throw error;
          }
          return original(...values);
        });
      };
      for (const name of ['chmod', 'writeFile', 'sync'] as const) watched(name);
      return file;
    },
  } as unknown as AtomicFileSystem;
  return { fileSystem, done };
}

describe('a file written atomically', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atomic-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('holds the new content with the mode asked for, and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old', { mode: 0o666 });
    await writeFileAtomically(path, 'new content', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new content');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('syncs the content before it takes the name, and the directory after', async () => {
    const { fileSystem, done } = failingAfter(100);
    await writeFileAtomically(join(folder, 'a.json'), 'new', { fileSystem });
    expect(done).toEqual(['rm', 'open wx', 'chmod', 'writeFile', 'sync', 'rename', 'open r', 'sync']);
  });

  test('is whole, old or new, after a crash at every step, and the next write succeeds', async () => {
    const path = join(folder, 'a.json');
    const seen: string[] = [];
    for (let steps = 0; steps < 8; steps += 1) {
      await writeFile(path, 'old content');
      const { fileSystem } = failingAfter(steps);
      await expect(writeFileAtomically(path, 'new content', { fileSystem })).rejects.toThrow(PowerCut);
      seen.push(await readFile(path, 'utf8'));
      await writeFileAtomically(path, 'after');
      expect(await readFile(path, 'utf8')).toBe('after');
    }
    expect(seen).toEqual([...Array(6).fill('old content'), 'new content', 'new content']);
  });

  test('does not write through a link planted under the temporary name', async () => {
    const path = join(folder, 'a.json');
    const victim = join(folder, 'victim');
    await writeFile(victim, 'untouched');
    await nodeFileSystem.symlink(victim, temporaryPathOf(path));
    await writeFileAtomically(path, 'new');
    expect(await readFile(victim, 'utf8')).toBe('untouched');
    expect((await nodeFileSystem.lstat(path)).isSymbolicLink()).toBe(false);
  });

  test('tells why it could not be written and keeps the old content', async () => {
    await expect(writeFileAtomically(join(folder, 'missing', 'a.json'), 'new')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('a directory where none can be made is refused at once', async () => {
  await expect(makeDirectory('/proc/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a directory that several make at once is there for all of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
  try {
    await Promise.all(Array.from({ length: 8 }, () => makeDirectory(join(folder, 'a', 'b'))));
    expect((await stat(join(folder, 'a', 'b'))).isDirectory()).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a directory that is made survives a power cut, with those above it that were made too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
  try {
    const synced: string[] = [];
    const open = (path: string) => {
      synced.push(path);
      return nodeFileSystem.open(path);
    };
    const fileSystem = { mkdir: nodeFileSystem.mkdir, stat: nodeFileSystem.stat, open: open as typeof nodeFileSystem.open };
    await makeDirectory(join(folder, 'a', 'b'), { mode: 0o700, fileSystem });
    expect(synced).toEqual([folder, join(folder, 'a')]);
    expect((await stat(join(folder, 'a', 'b'))).mode & 0o777).toBe(0o700);
    await makeDirectory(join(folder, 'a', 'b'), { mode: 0o700, fileSystem });
    expect(synced).toHaveLength(2);
  } finally {
    await rm(folder, { recursive: true });
  }
});
