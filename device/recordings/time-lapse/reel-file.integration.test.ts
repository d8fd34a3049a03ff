import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drawnJpegs } from '#device/testing/drawn-jpeg.ts';
import { FaultyDisk } from '#device/testing/faulty-disk.ts';
import { ReelShelf } from './reel-shelf.ts';

const run = promisify(execFile);
const noonMs = Date.UTC(2026, 5, 30, 12);
const day = '2026-06-30';

describe('a reel', () => {
  let jpegs: Uint8Array[];
  let folder: string;
  let disk: FaultyDisk;
  beforeAll(async () => {
    jpegs = await drawnJpegs(6);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reel-'));
    disk = new FaultyDisk();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const add = (shelf: ReelShelf, index: number) =>
    shelf.add('front', day, { jpeg: jpegs[index] ?? new Uint8Array(), takenMs: noonMs + index * 60_000 });
  const kept = async (shelf: ReelShelf) =>
    (await shelf.reel('front', day))?.pictures.map(({ takenMs }) => (takenMs - noonMs) / 60_000) ?? [];

  test('is a film of the pictures as they came, which a player takes as it is', async () => {
    const shelf = new ReelShelf(disk, folder);
    for (let index = 0; index < 6; index += 1) await add(shelf, index);
    const file = shelf.path('front', day);
    const probe = [
      '-v',
      'error',
      '-count_packets',
      '-show_entries',
      'stream=codec_name,width,nb_read_packets,r_frame_rate:format=duration',
    ];
    const { stdout } = await run('ffprobe', [...probe, '-of', 'json', file]);
    expect(JSON.parse(stdout)).toMatchObject({
      streams: [{ codec_name: 'mjpeg', width: 320, nb_read_packets: '6', r_frame_rate: '25/1' }],
      format: { duration: '0.240000' },
    });
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-xerror', '-i', file, '-f', 'null', '-']);
    expect(stderr).toBe('');
    expect(await shelf.picture('front', day, noonMs + 180_000)).toEqual(jpegs[3]);
    expect(await new ReelShelf(disk, folder).picture('front', day, noonMs + 300_000)).toEqual(jpegs[5]);
    await expect(shelf.picture('front', day, noonMs + 1_000)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('keeps every picture that was kept when the power goes at any step, and goes on behind it', async () => {
    const whole = new ReelShelf(disk, folder);
    for (let index = 0; index < 3; index += 1) await add(whole, index);
    const steps = disk.trace.length;
    expect(steps).toBeGreaterThan(10);
    for (let step = 1; step <= steps; step += 1) {
      const home = join(folder, `cut-${step}`);
      disk = new FaultyDisk();
      await disk.makeDirectory(home);
      disk.stopAfter = step;
      const before = new ReelShelf(disk, home);
      const done: number[] = [];
      for (let index = 0; index < 3; index += 1) {
        const isDone = await add(before, index).then(
          () => true,
          () => false,
        );
        if (isDone) done.push(index);
      }
      const after = new ReelShelf(new FaultyDisk(), home);
      const found = await kept(after);
      expect(found.slice(0, done.length)).toEqual(done);
      await add(after, 5);
      expect(await kept(after)).toEqual([...found, 5]);
      expect(await kept(new ReelShelf(new FaultyDisk(), home))).toEqual([...found, 5]);
    }
  });

  test('leaves out a last picture that has its length and not its content', async () => {
    const shelf = new ReelShelf(disk, folder);
    for (let index = 0; index < 3; index += 1) await add(shelf, index);
    const file = shelf.path('front', day);
    const { size } = await stat(file);
    await truncate(file, size - 100);
    await truncate(file, size);
    const after = new ReelShelf(disk, folder);
    expect(await kept(after)).toEqual([0, 1]);
    await add(after, 4);
    expect(await kept(new ReelShelf(disk, folder))).toEqual([0, 1, 4]);
  });

  test('takes no room for a picture that the disk did not take whole', async () => {
    const shelf = new ReelShelf(disk, folder);
    await add(shelf, 0);
    const { size } = await stat(shelf.path('front', day));
    disk.fault = ({ name }) => (name === 'datasync' ? 'ENOSPC' : null);
    await expect(add(shelf, 1)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect((await stat(shelf.path('front', day))).size).toBe(size);
    disk.fault = () => null;
    await add(shelf, 2);
    expect(await kept(shelf)).toEqual([0, 2]);
  });

  test('is for cameras and days alone: no other name leads anywhere', async () => {
    const shelf = new ReelShelf(disk, folder);
    await add(shelf, 0);
    expect(await shelf.reel('../front', day)).toBeNull();
    expect(await shelf.reel('front', '../../etc')).toBeNull();
    expect(await shelf.of('..')).toEqual([]);
  });
});
