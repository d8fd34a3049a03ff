import { mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultRecordingSettings, type RecordingSettings } from '#device/contract/contract.ts';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import { type PlainCamera, plainFormat, plainPacket, RecordingRoom } from '#device/testing/recording-room.ts';
import type { Recordings } from './recordings.ts';

const camera: PlainCamera = { framesPerSecond: 5, keyInterval: 5, frameBytes: 2_000 };
const always: RecordingSettings = { ...defaultRecordingSettings, mode: 'continuous', maxLengthMs: 10_000 };

describe('a disk that is pulled out while it is put in order', () => {
  let room: RecordingRoom;
  let recordings: Recordings;
  let elsewhere: string;
  beforeEach(async () => {
    room = await RecordingRoom.make();
    elsewhere = join(room.root, 'elsewhere');
    recordings = await room.open();
    for (const name of ['front', 'yard']) await record(name);
  });
  afterEach(() => room.remove());

  const record = async (name: string): Promise<void> => {
    const recorder = recordings.recorder(name);
    recorder.configure(always, name);
    recorder.begin(plainFormat);
    for (let index = 0; index < 100; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
    await recorder.close();
  };
  const pullOut = async (): Promise<void> => {
    await rename(room.folder, elsewhere);
    await mkdir(room.folder);
  };
  const putBack = async (): Promise<void> => {
    await rmdir(room.folder);
    await rename(elsewhere, room.folder);
  };
  /** The device boots again, and the disk goes when this is about to be asked of it. */
  const bootAndLose = async (step: 'list' | 'sizeOf' | 'unlink', path: string): Promise<void> => {
    room.disk.stopAfter = 0;
    await room.close();
    room.disk = new FaultyDisk();
    const real = room.disk[step].bind(room.disk);
    const goes = async (asked: string) => {
      if (asked !== join(room.folder, path)) return real(asked);
      room.disk[step] = real as never;
      await pullOut();
      return real(asked);
    };
    room.disk[step] = goes as never;
    recordings = await room.open();
  };

  test('costs no recording its place in the list', async () => {
    const before = await room.rows();
    await bootAndLose('list', 'yard');
    expect(recordings.problem?.message).toContain('not there');
    expect(await room.rows()).toEqual(before);
    await putBack();
    await recordings.guard.look();
    expect(recordings.problem).toBeNull();
    expect(await room.rows()).toEqual(before);
  });

  test('leaves what was being written for when it is back', async () => {
    const recorder = recordings.recorder('front');
    recorder.begin(plainFormat);
    for (let index = 0; index < 25; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
    await expect.poll(async () => (await room.rows()).at(-1)?.state, { timeout: 20_000 }).toBe('writing');
    const path = (await room.rows()).at(-1)?.path ?? '';
    await bootAndLose('sizeOf', path);
    expect(recordings.problem?.message).toContain('not there');
    expect((await room.rows()).at(-1)?.state).toBe('writing');
    await putBack();
    await recordings.guard.look();
    expect((await room.rows()).at(-1)).toMatchObject({ path, state: 'closed', repaired: true });
  });

  test('keeps in mind what was being deleted', async () => {
    const [first] = await room.rows();
    room.disk.fault = ({ name }) => (name === 'unlink' ? 'EIO' : null);
    await expect(recordings.remove(first?.id ?? '')).rejects.toThrow();
    await bootAndLose('unlink', first?.path ?? '');
    expect((await room.rows())[0]?.state).toBe('deleting');
    await putBack();
    await recordings.guard.look();
    expect(await room.rows()).toHaveLength(3);
    expect(await room.disk.list(join(room.folder, 'front'))).toHaveLength(1);
  });

  test('a recording that was closed is shown again when its file is back, unread and unchanged', async () => {
    const before = await room.rows();
    await rename(join(room.folder, 'front'), elsewhere);
    recordings = await room.crash();
    expect((await room.rows()).map(({ state }) => state)).toEqual(['quarantined', 'quarantined', 'closed', 'closed']);
    await rm(join(room.folder, 'front'), { recursive: true, force: true });
    await rename(elsewhere, join(room.folder, 'front'));
    room.disk.stopAfter = 0;
    await room.close();
    room.disk = new FaultyDisk();
    const opened: string[] = [];
    room.disk.fault = ({ name, path }) => {
      if (name === 'open' && path.endsWith('.mp4')) opened.push(path);
      return null;
    };
    recordings = await room.open();
    expect(recordings.startFindings.map(({ message }) => message)).toEqual(Array(2).fill('its file is back; shown again'));
    expect(opened).toEqual([]);
    expect(await room.rows()).toEqual(before);
    expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
  });

  test('one that was never closed is read and finished when its file is back', async () => {
    const recorder = recordings.recorder('front');
    recorder.begin(plainFormat);
    for (let index = 0; index < 25; index += 1) {
      recorder.packet(plainPacket(camera, index, room.clock.boot()));
      await room.clock.advance(200);
    }
    await expect.poll(async () => (await room.rows()).at(-1)?.state, { timeout: 20_000 }).toBe('writing');
    const row = (await room.rows()).at(-1);
    const path = join(room.folder, row?.path ?? '');
    room.disk.stopAfter = 0;
    await room.close();
    // No more than its row says, as if the power had gone then.
    const bytes = (await readFile(path)).subarray(0, row?.sizeBytes);
    await rm(path);
    room.disk = new FaultyDisk();
    recordings = await room.open();
    expect((await room.rows()).at(-1)?.state).toBe('quarantined');
    await room.close();
    const file = await room.disk.create(path);
    await file.write(0, bytes);
    await file.close();
    recordings = await room.open();
    expect((await room.rows()).at(-1)).toMatchObject({ state: 'closed', repaired: true });
    expect(await recordings.check({ repair: false, thorough: true })).toEqual([]);
  });
});
