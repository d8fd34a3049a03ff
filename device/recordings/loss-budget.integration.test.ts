import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRecordingSettings } from '#device/contract/contract.ts';
import type { DiskOperation } from '#device/testing/faulty-disk.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import type { Recordings } from './recordings.ts';

/** Only a failing test waits that long; a loaded machine still gets there. */
const patience = { timeout: 20_000 };

const camera: PlainCamera = { framesPerSecond: 10, keyInterval: 30, frameBytes: 3_000 };

/** A file as a power cut would leave it: what was written before its last sync for sure; of what came later the length, but no content. */
function afterPowerCut(trace: readonly DiskOperation[], path: string): { bytes: Uint8Array; isNamed: boolean } {
  const own = trace.filter((step) => step.path === path);
  const lastSync = own.findLastIndex((step) => step.name === 'sync' || step.name === 'datasync');
  const created = trace.findIndex((step) => step.path === path && step.name === 'create');
  const isNamed = trace.findLastIndex((step) => step.path === dirname(path) && step.name === 'syncDirectory') > created;
  const sizeBytes = own.reduce((size, step) => Math.max(size, (step.offset ?? 0) + (step.bytes?.length ?? 0)), 0);
  const bytes = new Uint8Array(sizeBytes);
  for (const step of own.slice(0, lastSync + 1)) if (step.bytes) bytes.set(step.bytes, step.offset ?? 0);
  return { bytes, isNamed };
}

describe('of a recording that is being written', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    recordings = await room.open();
    recordings.recorder('front').begin(plainFormat);
  });
  afterEach(() => room.remove());

  /** The longest time between a picture and the moment when it is safe, while the disk does what it is asked for at once. */
  const play = async (seconds: number, budgetMs: number): Promise<void> => {
    const recorder = recordings.recorder('front');
    for (let index = 0; index < seconds * camera.framesPerSecond; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      const id = recorder.recordingAt(room.clock.boot());
      if (index % 5 === 0 && room.clock.boot() >= budgetMs && id) {
        await vi.waitFor(() => {
          const safeMs = recordings.writing(id)?.parts.reduce((end, part) => Math.max(end, part.startMs + part.durationMs), 0) ?? 0;
          expect(room.clock.boot() - safeMs).toBeLessThanOrEqual(budgetMs);
        }, patience);
      }
      await room.clock.advance(100);
    }
  };

  test('with motion, no picture older than two seconds is at stake', async () => {
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, mode: 'events' }, 'Front');
    recorder.motionStarted({ startBootMs: 0, boxes: [], score: 1 });
    await play(20, 1_100);
  });

  test('all day, no picture older than ten seconds is at stake, and the disk is not synced for each part', async () => {
    recordings.recorder('front').configure({ ...defaultRecordingSettings, mode: 'continuous' }, 'Front');
    await play(60, 9_000);
    const syncs = room.disk.trace.filter((step) => step.name === 'datasync').length;
    expect(syncs).toBeGreaterThanOrEqual(6);
    expect(syncs).toBeLessThanOrEqual(9);
  });

  test('when motion begins, what was at stake is safe at once', async () => {
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, mode: 'both' }, 'Front');
    await play(6, 9_000);
    const id = recorder.recordingAt(5_000) ?? '';
    await vi.waitFor(() => expect(recordings.writing(id)?.parts).toHaveLength(1), patience);
    recorder.motionStarted({ startBootMs: 5_000, boxes: [], score: 1 });
    await vi.waitFor(() => expect(recordings.writing(id)?.parts.length).toBeGreaterThanOrEqual(5), patience);
    expect((await room.rows())[0]?.trigger).toBe('motion');
  });

  test('a stream that pauses leaves nothing waiting in memory', async () => {
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, mode: 'events' }, 'Front');
    recorder.motionStarted({ startBootMs: 0, boxes: [], score: 1 });
    await play(3, 9_000);
    const stop = new AbortController();
    const running = recordings.run(stop.signal);
    await room.clock.advance(1_500);
    await vi.waitFor(
      () => expect(recordings.writing(recorder.recordingAt(0) ?? '')?.parts.at(-1)).toMatchObject({ startMs: 2_000, durationMs: 1_000 }),
      patience,
    );
    stop.abort();
    await running;
  });

  test('a power cut at any step leaves every synced part, whatever became of the others', async () => {
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, mode: 'events', postRollMs: 0, maxLengthMs: 300_000 }, 'Front');
    recorder.motionStarted({ startBootMs: 0, boxes: [], score: 1 });
    await play(8, 9_000);
    await recorder.close();
    const { trace } = room.disk;
    const path = join(room.folder, (await room.rows())[0]?.path ?? '');
    const folder = room.folder;
    for (let steps = 1; steps <= trace.length; steps += 1) {
      const done = trace.slice(0, steps);
      const { bytes, isNamed } = afterPowerCut(done, path);
      if (!isNamed) continue;
      await room.remove();
      room = await RecordingRoom.make();
      const target = join(room.folder, relative(folder, path));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes);
      recordings = await room.open();
      const syncs = done.filter((step) => step.path === path && (step.name === 'sync' || step.name === 'datasync')).length;
      const [row] = await room.rows();
      // Eight parts; closing syncs twice more without a new one.
      expect(row?.durationMs).toBeGreaterThanOrEqual(Math.min(8, syncs) * 1_000);
      expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
    }
  });
});
