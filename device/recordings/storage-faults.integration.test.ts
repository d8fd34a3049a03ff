import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRecordingSettings, type RecordingSettings } from '#device/contract/contract.ts';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import type { Recordings, StorageTrouble } from './recordings.ts';
import { quarantineFolder } from './repair.ts';

/** Only a failing test waits that long; a loaded machine still gets there. */
const patience = { timeout: 20_000 };

const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 5, frameBytes: 2_000 };
const always: RecordingSettings = { ...defaultRecordingSettings, mode: 'continuous', maxLengthMs: 10_000 };

describe('a storage that fails', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  let troubles: StorageTrouble[];
  let next = 0;
  let stop: AbortController;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    recordings = await room.open();
    troubles = [];
    next = 0;
    stop = new AbortController();
    recordings.onTrouble((trouble) => troubles.push(trouble));
    const recorder = recordings.recorder('front');
    recorder.configure(always, 'Front');
    recorder.begin(plainFormat);
  });
  afterEach(async () => {
    stop.abort();
    room.disk.fault = () => null;
    await room.remove();
  });

  const play = async (seconds: number): Promise<void> => {
    for (const end = next + seconds * 5; next < end; next += 1) {
      recordings.recorder('front').packet(plainPacket(camera, next, room.clock.boot()));
      await room.clock.advance(200);
    }
  };
  const states = async (): Promise<string[]> => (await room.rows()).map((row) => row.state);

  test('full: the oldest that nobody protects goes, the owner is told, recording goes on', async () => {
    await play(31);
    await vi.waitFor(async () => expect((await states()).filter((state) => state === 'closed')).toHaveLength(3), patience);
    const [first, second] = await room.rows();
    await recordings.setProtected(first?.id ?? '', true);
    await expect(recordings.remove(first?.id ?? '')).rejects.toMatchObject({ kind: 'conflict' });
    let isFull = true;
    room.disk.fault = ({ name }) => {
      if (name === 'unlink') isFull = false;
      return name === 'write' && isFull ? 'ENOSPC' : null;
    };
    const removed: string[] = [];
    recordings.onRemoved((id) => removed.push(id));
    await play(10);
    await vi.waitFor(() => expect(removed).toEqual([second?.id]), patience);
    await play(5);
    expect(troubles.map(({ failure }) => failure.kind)).toEqual(['storage-full']);
    expect(recordings.problem).toBeNull();
    await recordings.recorder('front').close();
    expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
    expect((await room.rows()).map((row) => row.id)).toContain(first?.id);
  });

  test('full of protected recordings only: the first of them goes at last, and that is said aloud', async () => {
    await play(11);
    await vi.waitFor(async () => expect(await states()).toContain('closed'), patience);
    const [only] = await room.rows();
    await recordings.setProtected(only?.id ?? '', true);
    let isFull = true;
    room.disk.fault = ({ name }) => {
      if (name === 'unlink') isFull = false;
      return name === 'write' && isFull ? 'ENOSPC' : null;
    };
    await play(5);
    await vi.waitFor(
      () => expect(troubles.map(({ failure }) => failure.message).join(' ')).toContain('A protected recording of Front had to be deleted'),
      patience,
    );
  });

  test('that would need the reserve is not written to: alarm, and recording when there is room again', async () => {
    room.disk.freeBytes = 49_000_000;
    await play(3);
    await vi.waitFor(() => expect(recordings.problem?.kind).toBe('storage-full'), patience);
    expect(await room.rows()).toEqual([]);
    room.disk.freeBytes = 400_000_000;
    const running = recordings.run(stop.signal);
    await vi.waitFor(() => expect(recordings.problem).toBeNull(), patience);
    await play(3);
    stop.abort();
    await running;
    await vi.waitFor(async () => expect(await states()).toEqual(['writing']), patience);
  });

  test('that stays as full as that stays an alarm: nothing is begun at each look, and nothing left lying', async () => {
    room.disk.freeBytes = 49_000_000;
    await play(3);
    await vi.waitFor(() => expect(recordings.problem?.kind).toBe('storage-full'), patience);
    const told = troubles.length;
    for (let look = 0; look < 4; look += 1) {
      await recordings.guard.look();
      await play(5);
      expect(recordings.problem?.kind).toBe('storage-full');
    }
    await recordings.recorder('front').close();
    expect(troubles).toHaveLength(told);
    expect(await room.disk.list(join(room.folder, 'front'))).toEqual([]);
    expect(await room.disk.list(join(room.folder, quarantineFolder))).toEqual([]);
  });

  test('so full that only what was given up could go: that is put in order, then it may go, and recording goes on', async () => {
    await play(5);
    await vi.waitFor(async () => expect(await states()).toEqual(['writing']), patience);
    room.disk.freeBytes = 49_000_000;
    room.disk.fault = ({ name }) => (name === 'write' ? 'ENOSPC' : null);
    await play(5);
    await vi.waitFor(() => expect(recordings.problem?.kind).toBe('storage-full'), patience);
    const [givenUp] = await room.rows();
    room.disk.fault = ({ name, path }) => {
      if (name === 'unlink' && path === join(room.folder, givenUp?.path ?? '')) room.disk.freeBytes = 400_000_000;
      return null;
    };
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
    expect(await states()).toEqual([]);
    await play(5);
    await vi.waitFor(async () => expect(await states()).toEqual(['writing']), patience);
  });

  for (const code of ['EIO', 'EROFS']) {
    test(`${code}: recording pauses with an alarm, nothing throws, and it goes on with the disk, what was begun repaired`, async () => {
      await play(5);
      await vi.waitFor(async () => expect(await states()).toEqual(['writing']), patience);
      room.disk.fault = ({ name }) => (['write', 'create', 'datasync', 'sync'].includes(name) ? code : null);
      await play(10);
      await vi.waitFor(() => expect(recordings.problem?.kind).toBe('storage-failed'), patience);
      expect(recordings.recorder('front').isRecording).toBe(false);
      await recordings.guard.look();
      expect(recordings.problem).not.toBeNull();
      room.disk.fault = () => null;
      await recordings.guard.look();
      expect(recordings.problem).toBeNull();
      await play(5);
      await recordings.recorder('front').close();
      expect(await states()).toEqual(['closed', 'closed']);
      expect((await room.rows())[0]?.repaired).toBe(true);
      expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
    });
  }

  for (const known of [true, false]) {
    test(`with a worn place in a file ${known ? 'that was being written' : 'that no row knows'}: that one is put aside, recording goes on`, async () => {
      await play(5);
      await vi.waitFor(async () => expect(await states()).toEqual(['writing']), patience);
      const [torn] = await room.rows();
      room.disk.stopAfter = 0;
      await room.close();
      if (!known) await rm(join(room.root, 'index.db'));
      room.disk = new FaultyDisk();
      room.disk.fault = ({ name, path }) => (name === 'read' && path.endsWith(torn?.path ?? '?') ? 'EIO' : null);
      recordings = await room.open();
      expect(recordings.problem).toBeNull();
      expect(recordings.startFindings).toMatchObject([{ message: expect.stringContaining('quarantine'), repaired: true }]);
      expect(await states()).toEqual(known ? ['quarantined'] : []);
      const recorder = recordings.recorder('front');
      recorder.configure(always, 'Front');
      recorder.begin(plainFormat);
      await play(5);
      await recorder.close();
      expect((await states()).at(-1)).toBe('closed');
      expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
    });
  }

  test('that is unplugged: nothing is written into the place where it was', async () => {
    await recordings.recorder('front').close();
    const unplugged = join(room.root, 'unplugged');
    await rename(room.folder, unplugged);
    await room.disk.makeDirectory(room.folder);
    // Before anyone looked.
    recordings.recorder('front').begin(plainFormat);
    await play(5);
    await vi.waitFor(() => expect(recordings.problem?.message).toContain('not there'), patience);
    expect(await room.disk.list(room.folder)).toEqual([]);
    await recordings.guard.look();
    expect(recordings.problem?.message).toContain('not there');
    await play(5);
    await recordings.recorder('front').close();
    expect(await room.disk.list(room.folder)).toEqual([]);
    expect(await recordings.check({ repair: true })).toMatchObject([{ invariant: 6 }]);
    await rename(unplugged, room.folder);
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
  });

  test('that is unplugged just when a recording begins: not even a folder is made where it was', async () => {
    await recordings.recorder('front').close();
    const unplugged = join(room.root, 'unplugged');
    const makeDirectory = room.disk.makeDirectory.bind(room.disk);
    room.disk.makeDirectory = async (path) => {
      room.disk.makeDirectory = makeDirectory;
      await rename(room.folder, unplugged);
      await makeDirectory(path);
    };
    recordings.recorder('front').begin(plainFormat);
    await play(5);
    await vi.waitFor(() => expect(recordings.problem?.message).toContain('not there'), patience);
    expect(await readdir(room.root)).not.toContain('recordings');
    await rename(unplugged, room.folder);
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
  });

  test('that is another one at the next start is an alarm, and it is left as it is', async () => {
    await recordings.recorder('front').close();
    await room.close();
    await rename(room.folder, join(room.root, 'first'));
    await room.disk.makeDirectory(room.folder);
    recordings = await room.open();
    expect(recordings.problem?.message).toContain('not there');
    expect(await room.disk.list(room.folder)).toEqual([]);
  });

  test('is told apart from one that works: what it takes is counted against the video', async () => {
    await play(60);
    await recordings.recorder('front').close();
    const { writtenPerVideoByte, recordings: count, recordingsBytes } = await recordings.storage();
    expect(count).toBe(6);
    expect(recordingsBytes).toBeGreaterThan(600_000);
    expect(writtenPerVideoByte).toBeGreaterThan(1);
    expect(writtenPerVideoByte).toBeLessThan(1.2);
  });
});
