import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultRecordingSettings } from '#device/contract/contract.ts';
import { filmScene, type Scene } from '#device/testing/filmed-scene.ts';
import { RecordingRoom } from '#device/testing/recording-room.ts';
import { checkRecordings } from './check.ts';
import { nodeDisk } from './disk.ts';
import { RecordingIndex } from './recording-index.ts';
import type { Recordings } from './recordings.ts';

const run = promisify(execFile);

interface Probe {
  packets: number;
  durationMs: number;
  complaints: string;
}

async function probe(file: string): Promise<Probe> {
  const count = ['-v', 'warning', '-select_streams', 'v', '-count_packets', '-show_streams', '-show_format', '-of', 'json', file];
  const { stdout, stderr } = await run('ffprobe', count);
  const { streams, format } = JSON.parse(stdout) as { streams: { nb_read_packets: string }[]; format: { duration?: string } };
  return { packets: Number(streams[0]?.nb_read_packets), durationMs: Number(format.duration) * 1000, complaints: stderr };
}

describe('a recording', () => {
  let room: RecordingRoom;
  let scene: Scene;
  beforeAll(async () => {
    scene = await filmScene({ seconds: 6, framesPerSecond: 10, keyInterval: 20, audio: true });
  });
  beforeEach(async () => {
    room = await RecordingRoom.make();
  });
  afterEach(() => room.remove());

  /** Records the scene; goes on whatever the disk does. */
  const record = async (recordings: Recordings, mode: 'continuous' | 'events'): Promise<void> => {
    const recorder = recordings.recorder('front');
    recorder.configure({ ...defaultRecordingSettings, mode, maxLengthMs: 300_000 }, 'Front_door ü');
    recorder.begin(scene.format);
    if (mode === 'events')
      recorder.motionStarted({ startBootMs: 0, boxes: [{ x: 0.25, y: 0.5, width: 0.5, height: 0.25, score: 1 }], score: 0.5 });
    for (const packet of scene.packets) {
      await room.clock.advance(Math.max(0, packet.bootMs - room.clock.boot()));
      recorder.packet(packet);
    }
    await recorder.close();
  };

  const isSound = async (): Promise<void> => {
    const shelf = { disk: nodeDisk(), folder: room.folder, index: new RecordingIndex(room.database) };
    expect(await checkRecordings(shelf, { repair: false, thorough: true })).toEqual([]);
  };

  test('is one file that plays, knows its duration and seeks by its index', async () => {
    const recordings = await room.open();
    await record(recordings, 'events');
    const [row, ...others] = await room.rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      state: 'closed',
      trigger: 'motion',
      durationMs: 6000,
      changes: 3600,
      region: { x: 80, y: 90, width: 160, height: 45 },
    });
    const file = join(room.folder, row?.path ?? '');
    const { packets, durationMs, complaints } = await probe(file);
    expect(complaints).toBe('');
    expect(packets).toBe(60);
    expect(Math.abs(durationMs - 6000)).toBeLessThan(100);
    const bytes = await readFile(file);
    expect(bytes.length).toBe(row?.sizeBytes);
    const index = bytes.indexOf('sidx');
    // Version 1 and three references: the scene has a key picture every two seconds.
    expect(bytes.readUInt16BE(index + 34)).toBe(3);
    const decoded = await run('ffmpeg', ['-v', 'warning', '-ss', '4', '-i', file, '-f', 'null', '-']);
    expect(decoded.stderr).toBe('');
    await isSound();
  });

  test('plays up to the last whole part when its file is cut there', async () => {
    const recordings = await room.open();
    await record(recordings, 'continuous');
    const [row] = await room.rows();
    const parts = (await new RecordingIndex(room.database).partsOf(row?.id ?? '')) ?? [];
    expect(parts.map((part) => part.startMs)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
    const bytes = await readFile(join(room.folder, row?.path ?? ''));
    for (const [index, part] of parts.entries()) {
      const cut = join(room.root, 'cut.mp4');
      await writeFile(cut, bytes.subarray(0, part.offset + part.length));
      expect((await probe(cut)).packets).toBe((index + 1) * 10);
    }
  });

  test('survives the end of the process at every single step of the disk, from the first byte to the closed row', async () => {
    await record(await room.open(), 'events');
    const steps = room.disk.trace.length;
    expect(steps).toBeGreaterThan(20);
    for (let stopAfter = 1; stopAfter <= steps; stopAfter += 1) {
      await room.remove();
      room = await RecordingRoom.make();
      const recordings = await room.open();
      room.disk.stopAfter = stopAfter;
      await record(recordings, 'events');
      const synced = room.disk.trace.filter((step) => step.name === 'datasync' || step.name === 'sync').length;
      const restarted = await room.crash();
      expect(restarted.problem).toBeNull();
      await isSound();
      const rows = await room.rows();
      for (const row of rows.filter((one) => one.state === 'closed')) {
        const { packets, complaints } = await probe(join(room.folder, row.path));
        expect(complaints).toBe('');
        // Ten pictures a part; every part that was synced is there. Closing syncs twice more.
        expect(packets).toBeGreaterThanOrEqual(Math.min(60, Math.max(0, synced - 1) * 10));
      }
    }
  }, 120_000);

  test('vanishes as a whole when the process ends at any step of its deletion, or stays as a whole', async () => {
    for (const end of ['before', 'row', 'unlink', 'folder']) {
      await room.remove();
      room = await RecordingRoom.make();
      const recordings = await room.open();
      await record(recordings, 'continuous');
      const [row] = await room.rows();
      if (end === 'row') room.disk.fault = ({ name }) => (name === 'unlink' ? 'EIO' : null);
      else room.disk.stopAfter = room.disk.trace.length + ['before', 'unlink', 'folder'].indexOf(end);
      if (end !== 'folder') await expect(recordings.remove(row?.id ?? '')).rejects.toThrow();
      else await recordings.remove(row?.id ?? '');
      await room.crash();
      expect(await room.rows()).toEqual(end === 'before' ? [row] : []);
      expect(await nodeDisk().list(join(room.folder, 'front'))).toHaveLength(end === 'before' ? 1 : 0);
      await isSound();
    }
  });

  test('that lost its row is taken in again with all it says about itself', async () => {
    await record(await room.open(), 'continuous');
    const [before] = await room.rows();
    await room.database.write.deleteFrom('recordings').execute();
    const restarted = await room.crash();
    expect(restarted.startFindings).toMatchObject([{ invariant: 3, repaired: true }]);
    expect(await room.rows()).toEqual([{ ...before, repaired: true }]);
    await isSound();
  });

  test('that lost its file is no longer shown, and is again when the file is back', async () => {
    const recordings = await room.open();
    await record(recordings, 'continuous');
    const [row] = await room.rows();
    const file = join(room.folder, row?.path ?? '');
    const elsewhere = join(room.root, 'elsewhere.mp4');
    await nodeDisk().rename(file, elsewhere);
    expect(await recordings.check({ repair: false })).toMatchObject([{ invariant: 1, repaired: false }]);
    await recordings.check({ repair: true });
    expect((await room.rows())[0]?.state).toBe('quarantined');
    await nodeDisk().rename(elsewhere, file);
    await room.crash();
    expect((await room.rows())[0]).toMatchObject({ state: 'closed', durationMs: 6000 });
    await isSound();
  });

  test('damaged behind its back is found, cut to what is whole, and shown', async () => {
    const recordings = await room.open();
    await record(recordings, 'continuous');
    const [row] = await room.rows();
    const file = join(room.folder, row?.path ?? '');
    const bytes = await readFile(file);
    bytes.fill(0, bytes.length - 400, bytes.length - 100);
    await writeFile(file, bytes);
    expect(await recordings.check({ repair: false })).toEqual([]);
    expect(await recordings.check({ repair: true, thorough: true })).toMatchObject([{ invariant: 1, id: row?.id, repaired: true }]);
    expect((await room.rows())[0]).toMatchObject({ state: 'closed', durationMs: 5000, repaired: true });
    const { packets, durationMs, complaints } = await probe(file);
    expect({ packets, complaints }).toEqual({ packets: 50, complaints: '' });
    expect(Math.abs(durationMs - 5000)).toBeLessThan(100);
    await isSound();
  });

  test('which is no recording at all goes to quarantine, not away', async () => {
    await record(await room.open(), 'continuous');
    await writeFile(join(room.folder, 'front', 'holiday.mp4'), 'not ours');
    const restarted = await room.crash();
    expect(restarted.startFindings).toMatchObject([{ invariant: 3, path: 'front/holiday.mp4' }]);
    expect(await readFile(join(room.folder, '.quarantine', 'front--holiday.mp4'), 'utf8')).toBe('not ours');
    await isSound();
  });

  test('that says of itself what no recording can be is not taken in as it is: one row like that would break every list', async () => {
    const wallTime = (bytes: Buffer) => bytes.indexOf('"startWallMs":') + 14;
    const lastTime = (bytes: Buffer) => bytes.indexOf('tfdt', bytes.lastIndexOf('moof')) + 8;
    const claims: [(bytes: Buffer) => void, string, number[]][] = [
      [(bytes) => void bytes.write('9e99         ', wallTime(bytes)), 'quarantine', []],
      [(bytes) => void bytes.write('4999999999999', wallTime(bytes)), 'quarantine', []],
      [(bytes) => void bytes.writeBigUInt64BE(2n ** 52n, lastTime(bytes)), 'taken in', [5_000]],
    ];
    for (const [claim, message, durations] of claims) {
      await room.remove();
      room = await RecordingRoom.make();
      await record(await room.open(), 'continuous');
      const [row] = await room.rows();
      const file = join(room.folder, row?.path ?? '');
      const bytes = await readFile(file);
      claim(bytes);
      await writeFile(file, bytes);
      await room.database.write.deleteFrom('recordings').execute();
      const restarted = await room.crash();
      expect(restarted.problem).toBeNull();
      expect(restarted.startFindings).toMatchObject([{ invariant: 3, message: expect.stringContaining(message) }]);
      expect((await room.rows()).map(({ durationMs }) => durationMs)).toEqual(durations);
      await isSound();
    }
  });

  test('of which nothing but its name was there when the process ended is nothing to keep', async () => {
    await record(await room.open(), 'continuous');
    await writeFile(join(room.folder, 'front', '20260105T080020Z-boot-1-0009.mp4'), '');
    const restarted = await room.crash();
    expect(restarted.startFindings).toMatchObject([{ invariant: 3, path: 'front/20260105T080020Z-boot-1-0009.mp4', repaired: true }]);
    expect(await nodeDisk().list(join(room.folder, 'front'))).toHaveLength(1);
    expect(await nodeDisk().list(join(room.folder, '.quarantine'))).toEqual([]);
    await isSound();
  });

  test('is made by one process at a time', async () => {
    await room.open();
    await expect(room.open()).rejects.toMatchObject({ kind: 'conflict' });
  });
});
