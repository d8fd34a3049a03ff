import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRecordingSettings, type RecordingSettings } from '#device/contract/contract.ts';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import { storageFull } from './disk-failure.ts';
import type { Recordings, StorageTrouble } from './recordings.ts';

/** Only a failing test waits that long; a loaded machine still gets there. */
const patience = { timeout: 20_000 };

const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 5, frameBytes: 2_000 };
const always: RecordingSettings = { ...defaultRecordingSettings, mode: 'continuous', maxLengthMs: 10_000 };

describe('a start with a disk that may be pulled out', () => {
  let room: RecordingRoom;
  let stop: AbortController;
  let running: Promise<void>;
  let troubles: StorageTrouble[];
  beforeEach(async () => {
    room = await RecordingRoom.make();
    room.mayBeAbsent = true;
    stop = new AbortController();
    running = Promise.resolve();
    troubles = [];
  });
  afterEach(async () => {
    stop.abort();
    room.disk.gate = Promise.resolve();
    await running;
    await room.remove();
  });

  const open = async (): Promise<Recordings> => {
    const recordings = await room.open();
    recordings.onTrouble((trouble) => troubles.push(trouble));
    return recordings;
  };
  const run = (recordings: Recordings): void => {
    running = recordings.run(stop.signal);
  };
  const record = async (recordings: Recordings, seconds: number): Promise<void> => {
    const recorder = recordings.recorder('front');
    recorder.configure(always, 'Front');
    recorder.begin(plainFormat);
    for (let index = 0; index < seconds * 5; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
  };
  /** A recording that was never closed, and the device is to start again. */
  const leaveUnfinished = async (): Promise<void> => {
    const recordings = await open();
    await recordings.guard.look();
    await record(recordings, 5);
    await vi.waitFor(async () => expect((await room.rows()).map(({ state }) => state)).toEqual(['writing']), patience);
    room.disk.stopAfter = 0;
    await room.close();
    room.disk = new FaultyDisk();
    troubles = [];
  };

  test('does not touch it, however it is, until the device runs', async () => {
    const touched: string[] = [];
    room.disk.fault = ({ name }) => {
      touched.push(name);
      return 'EIO';
    };
    const recordings = await open();
    expect(touched).toEqual([]);
    expect(recordings.problem).toMatchObject({ kind: 'storage-failed', message: expect.stringContaining('being looked at') });
    expect(recordings.alarm).toBeNull();
    expect(troubles).toEqual([]);
  });

  test('alarms nobody when it is there, puts it in order and records', async () => {
    await leaveUnfinished();
    const recordings = await open();
    expect((await room.rows()).map(({ state }) => state)).toEqual(['writing']);
    run(recordings);
    await vi.waitFor(() => expect(recordings.problem).toBeNull(), patience);
    expect(recordings.startFindings).toMatchObject([{ invariant: 2, repaired: true }]);
    await record(recordings, 2);
    await recordings.recorder('front').close();
    expect((await room.rows()).map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(troubles).toEqual([]);
    // Later ones are not of the start.
    recordings.guard.fail(storageFull());
    await recordings.guard.look();
    expect(recordings.startFindings).toHaveLength(1);
  });

  test('alarms once when it is not there, and no more when it comes', async () => {
    await leaveUnfinished();
    const elsewhere = join(room.root, 'elsewhere');
    await rename(room.folder, elsewhere);
    const recordings = await open();
    run(recordings);
    await vi.waitFor(
      () => expect(troubles.map(({ failure }) => failure.message)).toEqual([expect.stringContaining('not there')]),
      patience,
    );
    expect(recordings.alarm).toBe(recordings.problem);
    await rename(elsewhere, room.folder);
    await room.clock.advance(5_000);
    await vi.waitFor(() => expect(recordings.problem).toBeNull(), patience);
    expect(recordings.alarm).toBeNull();
    expect(troubles).toHaveLength(1);
    expect(recordings.startFindings).toHaveLength(1);
  });

  test('ends without waiting for all of it to be put in order', async () => {
    const recordings = await open();
    for (let count = 0; count < 3; count += 1) {
      await mkdir(join(room.folder, 'front'), { recursive: true });
      const file = await room.disk.create(join(room.folder, 'front', `stray-${count}.mp4`));
      await file.close();
    }
    const rename = room.disk.rename.bind(room.disk);
    const moved: string[] = [];
    room.disk.rename = async (from, to) => {
      moved.push(from);
      stop.abort();
      await rename(from, to);
    };
    run(recordings);
    await running;
    expect(moved).toHaveLength(1);
    expect(troubles).toEqual([]);
  });
});
