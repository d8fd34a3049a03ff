import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import type { RecordingIndex } from './recording-index.ts';
import { recognizeVolume } from './volume.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'volume-'));
});
afterEach(() => rm(root, { recursive: true }));

test('the index knows a new volume only when its folder, its identity and both their names are safe', async () => {
  const disk = new FaultyDisk();
  const folder = join(root, 'recordings');
  let safe: string[] = [];
  const index = {
    volumeId: () => Promise.resolve(null),
    setVolumeId: () => {
      safe = disk.trace.filter(({ name }) => name === 'sync' || name === 'syncDirectory').map(({ path }) => path);
      return Promise.resolve();
    },
  };
  expect(await recognizeVolume({ disk, folder }, index as unknown as RecordingIndex, false)).toBeNull();
  expect(safe.sort()).toEqual([root, folder, join(folder, '.volume.json')]);
});
