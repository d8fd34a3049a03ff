import { execFile } from 'node:child_process';
import { lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordingRoom } from '#device/testing/recording-room.ts';
import { storageFull } from './disk-failure.ts';
import { openMediaFile } from './file-source.ts';
import { identityFile } from './volume.ts';

const run = promisify(execFile);

/** Whoever waits for the other end of a pipe waits for ever: a test that fails here ends by its timeout. */
describe('a disk on which a name leads to no file', { timeout: 10_000 }, () => {
  let room: RecordingRoom;
  beforeEach(async () => {
    room = await RecordingRoom.make();
  });
  afterEach(() => room.remove());

  const plant: Record<string, (path: string) => Promise<unknown>> = {
    'a pipe': (path) => run('mkfifo', [path]),
    'a folder': (path) => mkdir(path),
    'a link': async (path) => {
      await writeFile(join(room.root, 'secret'), '{"id":"of-somebody-else"}');
      await symlink(join(room.root, 'secret'), path);
    },
  };
  /** Never read: whoever opened it to read would wait too. */
  const kindOf = async (path: string): Promise<string> => {
    const found = await lstat(join(room.folder, path));
    return found.isFIFO() ? 'a pipe' : found.isDirectory() ? 'a folder' : found.isSymbolicLink() ? 'a link' : 'a file';
  };

  for (const [kind, make] of Object.entries(plant)) {
    test(`is taken in all the same, with ${kind} in place of its identity and of the probe`, async () => {
      await make(join(room.folder, identityFile));
      await make(join(room.folder, '.probe')).catch(() => symlink('nowhere', join(room.folder, '.probe')));
      const recordings = await room.open();
      expect(recordings.problem).toBeNull();
      expect(await kindOf(identityFile)).toBe('a file');
      recordings.guard.fail(storageFull());
      await recordings.guard.look();
      expect(recordings.problem).toBeNull();
      const names = (await room.disk.list(room.folder)).map(({ name }) => name);
      expect(names.filter((name) => name.includes('.aside-'))).toHaveLength(2);
    });

    test(`is put in order with ${kind} among the recordings, which is neither opened nor touched`, async () => {
      await mkdir(join(room.folder, 'front'));
      const path = 'front/20260105T080000Z-planted.mp4';
      await make(join(room.folder, path));
      const recordings = await room.open();
      expect(recordings.problem).toBeNull();
      expect(recordings.startFindings).toEqual([]);
      expect(await kindOf(path)).toBe(kind);
      expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
      await expect(room.disk.open(join(room.folder, path), 'read')).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(room.disk.open(join(room.folder, path), 'change')).rejects.toMatchObject({ code: 'ENOENT' });
      const file = { directory: room.folder, path, fileName: 'planted.mp4', sizeBytes: 0, isWriting: false };
      await expect(openMediaFile(file)).rejects.toMatchObject({ kind: 'not-found' });
    });
  }

  test('keeps what is in the way in quarantine', async () => {
    await mkdir(join(room.folder, 'front'));
    await mkdir(join(room.folder, '.quarantine'));
    await run('mkfifo', [join(room.folder, '.quarantine', 'front--stray.mp4')]);
    await writeFile(join(room.folder, 'front', 'stray.mp4'), 'no recording');
    const recordings = await room.open();
    expect(recordings.problem).toBeNull();
    expect(await kindOf('.quarantine/front--stray.mp4')).toBe('a pipe');
    expect(await kindOf('.quarantine/2-front--stray.mp4')).toBe('a file');
    await rm(join(room.folder, '.quarantine', 'front--stray.mp4'));
  });
});
