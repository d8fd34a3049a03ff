import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultRecordingSettings, type RecordingSettings } from '#device/contract/contract.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import { RecordingIndex } from './recording-index.ts';
import type { Recordings } from './recordings.ts';

const dayMs = 86_400_000;
const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 5, frameBytes: 2_000 };
const always: RecordingSettings = { ...defaultRecordingSettings, mode: 'continuous', maxLengthMs: 10_000 };

describe('while retention takes the oldest recordings', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    recordings = await room.open();
    await record(4);
    expect(await room.rows()).toHaveLength(4);
    // None of them may stay.
    room.storage.maxBytes = 1;
  });
  afterEach(() => room.remove());

  /** So many recordings of ten seconds, one behind the other. */
  const record = async (count: number): Promise<void> => {
    const recorder = recordings.recorder('front');
    recorder.configure(always, 'Front');
    recorder.begin(plainFormat);
    for (let index = 0; index < count * 50; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
    await recorder.close();
  };

  /** Does something once, when the first file is about to go. */
  const beforeTheFirstGoes = (work: () => Promise<unknown>): void => {
    const unlink = room.disk.unlink.bind(room.disk);
    room.disk.unlink = async (path) => {
      room.disk.unlink = unlink;
      await work();
      await unlink(path);
    };
  };

  test('a camera is deleted with all its recordings, whoever takes which', async () => {
    const removed: string[] = [];
    recordings.onRemoved((id) => removed.push(id));
    const ids = (await room.rows()).map(({ id }) => id);
    await Promise.all([recordings.removeAllOf('front'), recordings.space.round()]);
    expect(await room.rows()).toEqual([]);
    expect(await room.disk.list(join(room.folder, 'front'))).toEqual([]);
    expect(removed.sort()).toEqual(ids);
  });

  test('one that is protected meanwhile stays', async () => {
    const third = (await room.rows())[2];
    beforeTheFirstGoes(() => recordings.setProtected(third?.id ?? '', true));
    await recordings.space.round();
    expect(await room.rows()).toEqual([{ ...third, protected: true }]);
    expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
  });

  test('and the clock was ahead until now, what is recorded now is the newest', async () => {
    recordings = await room.crash();
    room.stepWall(-30 * dayMs);
    // Two of them.
    room.storage.maxBytes = 250_000;
    await record(1);
    await recordings.space.round();
    expect((await room.rows()).map(({ id }) => id)).toEqual(['boot-1-0004', 'boot-2-0005']);
  });

  test('many at once, those go first that were made first, not those that the clock dated ahead', async () => {
    const index = new RecordingIndex(room.database);
    const [some] = await room.rows();
    if (!some) throw new Error('nothing was recorded');
    await recordings.removeAllOf('front');
    const add = (id: string, about: { bootId: string; startWallMs: number; startBootMs: number }) =>
      index.add({ ...some, id, path: `front/${id}.mp4`, sizeBytes: 1_000, parts: [], ...about });
    const nowMs = room.clock.wall();
    for (let count = 0; count < 60; count += 1) {
      await add(`former-${count}`, { bootId: 'boot-0', startWallMs: nowMs - dayMs + count, startBootMs: count });
    }
    await add('ahead', { bootId: 'boot-1', startWallMs: nowMs + dayMs, startBootMs: room.clock.boot() });
    room.storage.maxBytes = 5_000;
    await recordings.space.round();
    const left = (await room.rows()).map(({ id }) => id);
    expect(left).toEqual(['former-56', 'former-57', 'former-58', 'former-59', 'ahead']);
  });
});

describe('while the disk with the recordings is away', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  let elsewhere: string;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    recordings = await room.open();
    elsewhere = join(room.root, 'elsewhere');
    const recorder = recordings.recorder('front');
    recorder.configure(always, 'Front');
    recorder.begin(plainFormat);
    for (let index = 0; index < 100; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
    await recorder.close();
  });
  afterEach(() => room.remove());

  /** As after a lazy unmount: an empty folder where it was. */
  const pullOut = async (): Promise<void> => {
    await rename(room.folder, elsewhere);
    await mkdir(room.folder);
  };
  const putBack = async (): Promise<void> => {
    await rmdir(room.folder);
    await rename(elsewhere, room.folder);
    await recordings.guard.look();
  };
  const away = { kind: 'storage-failed', message: expect.stringContaining('is not there') };

  test('nothing of it is deleted by halves: neither one nor a whole camera, and all is as it was when it is back', async () => {
    const before = await room.rows();
    const removed: string[] = [];
    recordings.onRemoved((id) => removed.push(id));
    await pullOut();
    await expect(recordings.remove(before[0]?.id ?? '')).rejects.toMatchObject(away);
    await expect(recordings.removeAllOf('front')).rejects.toMatchObject(away);
    // Of one without a row nobody can say that nothing of it is there.
    await expect(recordings.removeAllOf('yard')).rejects.toMatchObject(away);
    expect(removed).toEqual([]);
    await putBack();
    expect(await room.rows()).toEqual(before);
    await recordings.removeAllOf('front');
    expect(await room.rows()).toEqual([]);
  });

  test('retention takes nothing for deleted', async () => {
    const before = await room.rows();
    room.storage.maxBytes = 1;
    await pullOut();
    // Before anybody looked.
    await expect(recordings.space.round()).rejects.toMatchObject(away);
    expect(await room.rows()).toEqual(before);
  });

  test('what was chosen just before it went is deleted when it is back', async () => {
    const [first, ...others] = await room.rows();
    const unlink = room.disk.unlink.bind(room.disk);
    room.disk.unlink = async (path) => {
      room.disk.unlink = unlink;
      await pullOut();
      await unlink(path);
    };
    await expect(recordings.remove(first?.id ?? '')).rejects.toMatchObject(away);
    expect((await room.rows()).map(({ state }) => state)).toEqual(['deleting', 'closed']);
    await recordings.guard.look();
    await putBack();
    expect(await room.rows()).toEqual(others);
    expect(await room.disk.list(join(room.folder, 'front'))).toHaveLength(1);
    expect(await recordings.check({ repair: false })).toEqual([]);
  });
});
