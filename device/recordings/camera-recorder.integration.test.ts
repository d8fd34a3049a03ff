import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRecordingSettings, type WeeklySchedule } from '#device/contract/contract.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import { timeline } from '#device/testing/timeline.ts';

/** Only a failing test waits that long; a loaded machine still gets there. */
const patience = { timeout: 20_000 };

const never: WeeklySchedule = [[], [], [], [], [], [], []];
const events = { mode: 'events', preRollMs: 10_000, postRollMs: 20_000 } as const;

describe('what is recorded of a morning', () => {
  let room: RecordingRoom;
  beforeEach(async () => {
    room = await RecordingRoom.make();
  });
  afterEach(() => room.remove());

  test('nothing, when nothing moves', async () => {
    expect(await timeline(room, events, '08:01:00 end')).toEqual([]);
  });

  test('motion with what was before and after it, from key picture to key picture', async () => {
    expect(await timeline(room, events, '08:00:20 motion 5s', '08:01:30 end')).toEqual(['08:00:10 to 08:00:46 motion']);
  });

  test('motion that comes back within the post-roll is one recording', async () => {
    const seen = await timeline(room, events, '08:00:20 motion 2s', '08:00:35 motion 2s', '08:02:00 end');
    expect(seen).toEqual(['08:00:10 to 08:00:58 motion']);
  });

  test('motion soon after a recording begins where that one ended', async () => {
    const seen = await timeline(room, events, '08:00:20 motion 2s', '08:00:50 motion 2s', '08:02:00 end');
    expect(seen).toEqual(['08:00:10 to 08:00:42 motion', '08:00:42 to 08:01:12 motion']);
  });

  test('everything, in files of the maximum length without a gap', async () => {
    const seen = await timeline(room, { mode: 'continuous', maxLengthMs: 30_000 }, '08:00:40 motion 2s', '08:01:10 end');
    expect(seen).toEqual(['08:00:00 to 08:00:30 continuous', '08:00:30 to 08:01:00 continuous', '08:01:00 to 08:01:10 continuous']);
  });

  test('everything, and the file in which it moved is a motion recording', async () => {
    const seen = await timeline(room, { mode: 'both', maxLengthMs: 30_000, postRollMs: 0 }, '08:00:40 motion 2s', '08:01:10 end');
    expect(seen).toEqual(['08:00:00 to 08:00:30 continuous', '08:00:30 to 08:01:00 motion', '08:01:00 to 08:01:10 continuous']);
  });

  test('by hand, though the mode is off, and no longer than asked', async () => {
    expect(await timeline(room, { mode: 'off' }, '08:00:09 manual 10s', '08:00:40 end')).toEqual(['08:00:08 to 08:00:19 manual']);
  });

  test('what a sensor reports, with the pre-roll of the camera, whatever the mode and the schedule say', async () => {
    const seen = await timeline(room, { mode: 'off', schedule: never, preRollMs: 6_000 }, '08:00:20 sensor 10s', '08:01:00 end');
    expect(seen).toEqual(['08:00:14 to 08:00:30 manual']);
  });

  test('what a sensor reports without what a file holds already', async () => {
    const seen = await timeline(room, events, '08:00:20 sensor 4s', '08:00:27 sensor 4s', '08:00:29 sensor 8s', '08:01:00 end');
    expect(seen).toEqual(['08:00:10 to 08:00:24 manual', '08:00:24 to 08:00:37 manual']);
  });

  test('by hand from now on, though a sensor reported earlier', async () => {
    const seen = await timeline(room, { mode: 'off' }, '08:00:10 sensor 2s', '08:00:20 manual 10s', '08:01:00 end');
    expect(seen).toEqual(['08:00:00 to 08:00:12 manual', '08:00:20 to 08:00:30 manual']);
  });

  test('by hand, until stopped by hand', async () => {
    const seen = await timeline(room, { mode: 'off' }, '08:00:10 manual 60s', '08:00:15 stop', '08:00:40 end');
    expect(seen).toEqual(['08:00:10 to 08:00:15 manual']);
  });

  test('nothing after it was turned off, from the very next picture on', async () => {
    const seen = await timeline(room, { mode: 'continuous' }, '08:00:21 off', '08:00:40 end');
    expect(seen).toEqual(['08:00:00 to 08:00:21 continuous']);
  });

  test('only what the schedule covers, pre-roll included', async () => {
    const schedule: WeeklySchedule = [[{ fromMinute: 8 * 60 + 1, toMinute: 8 * 60 + 2 }], [], [], [], [], [], []];
    const seen = await timeline(room, { ...events, schedule }, '08:00:20 motion 2s', '08:01:04 motion 90s', '08:03:00 end');
    expect(seen).toEqual(['08:01:00 to 08:02:00 motion']);
  });

  test('a step of the clock begins a new file', async () => {
    const seen = await timeline(room, { mode: 'continuous' }, '08:00:09 clock 1h', '08:00:20 end');
    expect(seen).toEqual(['08:00:00 to 08:00:10 continuous', '09:00:10 to 09:00:20 continuous']);
  });

  test('made before the clock was set gets its true time when it is, and none is called approximate any more', async () => {
    room.trust = 'approximate';
    const seen = await timeline(room, { mode: 'continuous' }, '08:00:09 clock 1h', '08:00:20 end');
    expect(seen).toEqual(['09:00:00 to 09:00:10 continuous', '09:00:10 to 09:00:20 continuous']);
    const rows = await room.rows();
    expect(rows.map((row) => row.clock)).toEqual(['set', 'set']);
    expect(rows[0]?.path).toContain('/approx-2026');
  });
});

describe('a pre-roll larger than what may wait for the disk', () => {
  /** 12 Mbit/s: ten seconds before the motion and three until it is told are 20 MB. */
  const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 10, frameBytes: 300_000 };
  let room: RecordingRoom;
  beforeEach(async () => {
    room = await RecordingRoom.make();
  });
  afterEach(() => room.remove());

  async function watch() {
    const recordings = await room.open();
    const troubles: string[] = [];
    recordings.onTrouble(({ failure }) => troubles.push(failure.message));
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, ...events }, 'Front');
    recorder.begin(plainFormat);
    const play = async (from: number, to: number) => {
      for (let index = from; index < to; index += 1) {
        recorder.packet(plainPacket(camera, index, room.clock.boot()));
        await room.clock.advance(200);
      }
    };
    const motion = () => recorder.motionStarted({ startBootMs: room.clock.boot() - 3_000, boxes: [], score: 0.5 });
    return { recorder, troubles, play, motion };
  }

  test('is recorded without a gap and without an alarm', async () => {
    const { recorder, troubles, play, motion } = await watch();
    await play(0, 80);
    motion();
    await play(80, 90);
    await recorder.close();
    expect(troubles).toEqual([]);
    expect((await room.rows()).map(({ startBootMs, durationMs }) => [startBootMs, startBootMs + durationMs])).toEqual([[2_000, 18_000]]);
  });

  test('holds up no more than itself when the disk hangs', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { troubles, play, motion } = await watch();
    await play(0, 80);
    room.disk.gate = promise;
    motion();
    await play(80, 130);
    const toldAfterTenSeconds = troubles.length;
    await play(130, 150);
    resolve();
    expect(toldAfterTenSeconds).toBe(0);
    expect(troubles).toEqual(['The storage is too slow: video is being lost.']);
  });
});

describe('a disk that hangs', () => {
  const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 10, frameBytes: 10_000 };
  let room: RecordingRoom;
  beforeEach(async () => {
    room = await RecordingRoom.make();
  });
  afterEach(() => room.remove());

  test('costs whole groups of pictures, told once, never memory; and recording goes on after it', async () => {
    room.queueBytes = 300_000;
    const recordings = await room.open();
    const troubles: string[] = [];
    recordings.onTrouble(({ failure }) => troubles.push(failure.kind));
    const recorder = recordings.recorder('front');
    recorder.configure(
      {
        mode: 'continuous',
        preRollMs: 0,
        postRollMs: 0,
        maxLengthMs: 300_000,
        audio: false,
        schedule: null,
        maxAgeDays: null,
        maxBytes: null,
      },
      'Front',
    );
    recorder.begin(plainFormat);
    const { promise, resolve } = Promise.withResolvers<void>();
    const play = async (from: number, to: number) => {
      for (let index = from; index < to; index += 1) {
        recorder.packet(plainPacket(camera, index, room.clock.boot()));
        await room.clock.advance(200);
      }
    };
    expect(recordings.writtenBootMs('front')).toBeNull();
    await play(0, 20);
    await vi.waitFor(() => expect(recordings.writtenBootMs('front')).toBeGreaterThan(1_000));
    room.disk.gate = promise;
    await play(20, 120);
    // 20 s of video later it stands where the disk stopped: that is how a device sees that its work no longer arrives.
    expect(recordings.writtenBootMs('front')).toBeLessThan(8_000);
    expect(troubles).toEqual(['storage-failed']);
    resolve();
    await play(120, 123);
    await vi.waitFor(async () => expect((await room.rows())[0]?.state).toBe('closed'), patience);
    await play(123, 150);
    await recorder.close();
    const rows = await room.rows();
    expect(rows).toHaveLength(2);
    expect(rows.every((row) => row.state === 'closed')).toBe(true);
    expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
  });

  async function hang() {
    const recordings = await room.open();
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, mode: 'continuous' }, 'Front');
    recorder.begin(plainFormat);
    const play = async (from: number, to: number) => {
      for (let index = from; index < to; index += 1) {
        recorder.packet(plainPacket(camera, index, room.clock.boot()));
        await room.clock.advance(200);
      }
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    room.disk.gate = promise;
    return { recordings, recorder, play, goOn: resolve };
  }

  test('leaves a camera that is opened anew its recorder, with the one queue it may fill', async () => {
    const { recordings, recorder, play, goOn } = await hang();
    await play(0, 20);
    const letGo = recordings.forget('front');
    expect(recordings.recorder('front')).toBe(recorder);
    recorder.begin(plainFormat);
    await play(20, 40);
    goOn();
    await letGo;
    expect(recordings.recorder('front')).toBe(recorder);
    await recordings.forget('front');
    expect((await room.rows()).map(({ state, durationMs }) => [state, durationMs])).toEqual([
      ['closed', 4_000],
      ['closed', 4_000],
    ]);
    expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
    expect(recordings.recorder('front')).not.toBe(recorder);
  });

  test('does not keep up what was asked for by hand of a camera that is opened anew', async () => {
    const { recordings, recorder, play, goOn } = await hang();
    recorder.configure({ ...defaultRecordingSettings, mode: 'off' }, 'Front');
    recorder.recordUntil(room.clock.boot() + 60_000, null);
    await play(0, 20);
    expect(recorder.isRecording).toBe(true);
    const letGo = recordings.forget('front');
    recordings.recorder('front').begin(plainFormat);
    await play(20, 40);
    expect(recorder.isRecording).toBe(false);
    goOn();
    await letGo;
  });
});
