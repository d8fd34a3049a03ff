import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#device/kernel/database.ts';
import { recordingsMigrations } from '#device/recordings/index-schema.ts';
import { placesIn, withRecordingPlace } from '../places.ts';
import { check } from './check.ts';

test.each([false, true])(
  'recordings on a disk that is not there cannot be looked at, with repair %s, and nothing is said to be well',
  async (repair) => {
    const volumeId = '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11';
    const root = await mkdtemp(join(tmpdir(), 'check-'));
    try {
      await writeFile(placesIn(root).recordingPlaceFile, JSON.stringify({ volumeId }));
      const places = await withRecordingPlace(placesIn(root));
      await mkdir(join(places.disks, volumeId), { recursive: true });
      await (await openDatabase({ file: places.indexFile, room: 'recordings', migrations: recordingsMigrations })).close();
      const said: string[] = [];
      await expect(check({ root, repair, say: (line) => said.push(line) })).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining(volumeId),
        action: expect.stringContaining('while the device runs'),
      });
      expect(said).toEqual([]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
);
