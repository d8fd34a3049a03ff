import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultRecordingSettings, type RecordingSettings } from '#device/contract/contract.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import type { Recordings } from './recordings.ts';

const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 5, frameBytes: 2_000 };
const always: RecordingSettings = { ...defaultRecordingSettings, mode: 'continuous', maxLengthMs: 10_000 };

describe('while retention takes the oldest recordings', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    recordings = await room.open();
    const recorder = recordings.recorder('front');
    recorder.configure(always, 'Front');
    recorder.begin(plainFormat);
    for (let index = 0; index < 4 * 50; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
    await recorder.close();
    expect(await room.rows()).toHaveLength(4);
    // None of them may stay.
    room.storage.maxBytes = 1;
  });
  afterEach(() => room.remove());

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
});
