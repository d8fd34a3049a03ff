import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { lockFileAt } from './lock-file.ts';
import { UpdateLock } from './update-lock.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'update-lock-'));
  path = join(folder, 'updates.lock');
});

afterEach(() => rm(folder, { recursive: true }));

const isThere = (): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('the file that the host looks for', () => {
  test('is there while it is taken, and gone afterwards', async () => {
    const file = lockFileAt(path);
    expect(await file.take()).toBe(true);
    expect(await file.take()).toBe(true);
    expect(await isThere()).toBe(true);
    await file.letGo();
    await file.letGo();
    expect(await isThere()).toBe(false);
  });

  test('of the host itself is neither taken nor removed', async () => {
    await writeFile(path, '');
    const file = lockFileAt(path);
    expect(await file.take()).toBe(false);
    await file.letGo();
    expect(await readFile(path, 'utf8')).toBe('');
  });

  test('that a crash left behind is known as our own and let go at the next start', async () => {
    await lockFileAt(path).take();
    const stop = new AbortController();
    const lock = new UpdateLock({ clock: new SimulatedClock(), file: lockFileAt(path), isUpdateWaiting: () => false });
    const running = lock.run(stop.signal);
    await expect.poll(isThere).toBe(false);
    stop.abort();
    await running;
  });

  test('in a folder that is not there holds nobody up', async () => {
    const lock = new UpdateLock({
      clock: new SimulatedClock(),
      file: lockFileAt(join(folder, 'nowhere', 'updates.lock')),
      isUpdateWaiting: () => false,
    });
    await lock.begin('front');
    await lock.end('front');
  });
});
