import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { dataVolumeProblem } from './data-volume.ts';

let root = '';
let disk: FaultyDisk;
let clock: SimulatedClock;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'data-volume-'));
  disk = new FaultyDisk();
  clock = new SimulatedClock();
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function look(mounts: string, mustBeMounted = true) {
  return dataVolumeProblem({ root, disk, clock, mustBeMounted, mounts: async () => mounts });
}

const mounted = (options: string) => `overlay / overlay rw 0 0\n/dev/mmcblk0p6 ${root} ext4 ${options} 0 0\n`;

describe('the data volume', () => {
  test('that takes a byte is sound, and nothing is left of the try', async () => {
    expect(await look(mounted('rw,relatime'))).toBeNull();
    expect(await disk.list(root)).toEqual([]);
  });

  test('that is no volume would lose everything with the next release', async () => {
    expect((await look('overlay / overlay rw 0 0\n'))?.message).toContain('The data volume is not there');
    expect(await look('overlay / overlay rw 0 0\n', false)).toBeNull();
  });

  test('that is mounted to be read only is told as worn out', async () => {
    expect((await look(mounted('ro,relatime')))?.message).toContain('can only be read');
  });

  test('counts as what was mounted there last', async () => {
    expect(await look(mounted('ro') + mounted('rw'))).toBeNull();
  });

  test.each([
    ['EROFS', 'can only be read'],
    ['EIO', 'cannot be written (EIO)'],
    ['EACCES', 'may not write'],
    ['ENOENT', 'There is no folder'],
  ])('that answers %s is no place to keep things', async (code, words) => {
    disk.fault = ({ name }) => (name === 'create' ? code : null);
    const problem = await look(mounted('rw'));
    expect(problem).toMatchObject({ kind: 'storage-failed', message: expect.stringContaining(words), action: expect.any(String) });
  });

  test('that is full is sound: the device makes room by itself', async () => {
    disk.fault = ({ name }) => (name === 'write' ? 'ENOSPC' : null);
    expect(await look(mounted('rw'))).toBeNull();
  });

  test('that does not answer is given up on', async () => {
    disk.gate = new Promise(() => {});
    const looking = look(mounted('rw'));
    await clock.advance(10_000);
    expect((await looking)?.message).toBe('The data volume does not answer.');
  });
});
