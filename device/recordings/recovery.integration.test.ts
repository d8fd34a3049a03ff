import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRecordingSettings, type RecordingSettings } from '#device/contract/contract.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import type { Recordings } from './recordings.ts';

/** Only a failing test waits that long; a loaded machine still gets there. */
const patience = { timeout: 20_000 };

const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 5, frameBytes: 2_000 };
const always: RecordingSettings = { ...defaultRecordingSettings, mode: 'continuous', maxLengthMs: 10_000 };

describe('while the storage recovers', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  let next = 0;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    recordings = await room.open();
    next = 0;
    for (const name of ['front', 'yard']) {
      const recorder = recordings.recorder(name);
      recorder.configure(always, name);
      recorder.begin(plainFormat);
    }
  });
  afterEach(async () => {
    room.disk.fault = () => null;
    await room.remove();
  });

  const play = async (seconds: number): Promise<void> => {
    for (const end = next + seconds * 5; next < end; next += 1) {
      for (const name of ['front', 'yard']) recordings.recorder(name).packet(plainPacket(camera, next, room.clock.boot()));
      await room.clock.advance(200);
    }
  };
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await room.rows()).map(({ cameraId, state }) => [cameraId, state]));
  /** Both are being recorded, then the disk refuses what the front camera writes. */
  const loseTheFront = async (): Promise<void> => {
    await play(3);
    await vi.waitFor(async () => expect(await states()).toEqual({ front: 'writing', yard: 'writing' }), patience);
    room.disk.fault = ({ name, path }) => (name === 'write' && path.includes('/front/') ? 'EIO' : null);
    await play(2);
    await vi.waitFor(() => expect(recordings.problem?.kind).toBe('storage-failed'), patience);
  };
  /** Does something once, when the folder of the front camera is about to be compared with the index. */
  const whileTheFrontIsCompared = (work: () => Promise<void>): void => {
    const list = room.disk.list.bind(room.disk);
    room.disk.list = async (path) => {
      if (path !== join(room.folder, 'front')) return list(path);
      room.disk.list = list;
      await work();
      return list(path);
    };
  };

  test('a recording of another camera that ends meanwhile stays in view', async () => {
    await loseTheFront();
    room.disk.fault = () => null;
    const removed: string[] = [];
    recordings.onRemoved((id) => removed.push(id));
    whileTheFrontIsCompared(() => recordings.recorder('yard').close());
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
    expect(await states()).toEqual({ front: 'closed', yard: 'closed' });
    expect(removed).toEqual([]);
  });

  test('another camera whose writing fails meanwhile is recovered too, before it is said to be over', async () => {
    await loseTheFront();
    whileTheFrontIsCompared(async () => {
      room.disk.fault = ({ name, path }) => (name === 'write' && path.includes('/yard/') ? 'EIO' : null);
      await recordings.recorder('yard').close();
    });
    room.disk.fault = () => null;
    await recordings.guard.look();
    expect(recordings.problem?.kind).toBe('storage-failed');
    room.disk.fault = () => null;
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
    expect(await states()).toEqual({ front: 'closed', yard: 'closed' });
  });

  test('a disk that is full as well is helped by the oldest recording', async () => {
    await play(12);
    await vi.waitFor(async () => expect((await room.rows()).filter(({ state }) => state === 'closed')).toHaveLength(2), patience);
    await loseTheFront();
    // What it may still be writing would make room for itself.
    await recordings.recorder('yard').close();
    let isFull = true;
    room.disk.fault = ({ name, path }) => {
      if (name === 'unlink' && path.endsWith('.mp4')) isFull = false;
      return ['create', 'write'].includes(name) && isFull ? 'ENOSPC' : null;
    };
    const removed: string[] = [];
    recordings.onRemoved((id) => removed.push(id));
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
    expect(removed).toHaveLength(1);
  });

  test('a disk that fails while room is made for what comes is put in order again by the next look', async () => {
    await play(12);
    await vi.waitFor(async () => expect((await room.rows()).filter(({ state }) => state === 'closed')).toHaveLength(2), patience);
    await loseTheFront();
    // Room for the byte that proves it, not for a part.
    room.disk.freeBytes = 51_000_000;
    let isFull = true;
    room.disk.fault = ({ name, path }) => {
      if (name === 'create' && isFull) return 'ENOSPC';
      if (name !== 'unlink' || !path.endsWith('.mp4')) return null;
      if (!isFull) return 'EIO';
      isFull = false;
      return null;
    };
    await recordings.guard.look();
    expect(recordings.problem?.kind).toBe('storage-failed');
    expect((await room.rows()).map(({ state }) => state)).toContain('deleting');
    room.disk.fault = () => null;
    room.disk.freeBytes = 400_000_000;
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
    expect(await recordings.check({ repair: false })).toEqual([]);
  });
});
