import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filmScene, type Scene } from '#device/testing/filmed-scene.ts';
import { type RecordedSceneOptions, recordScene } from '#device/testing/recorded-scene.ts';
import { openExport } from './export.ts';
import type { ByteSource } from './file-source.ts';
import type { RecordingRow } from './model.ts';
import { cutSpan } from './span.ts';
import { identityFile } from './volume.ts';

const run = promisify(execFile);
const eightMs = Date.UTC(2026, 0, 5, 8);

interface ProbedPacket {
  codec_type: 'video' | 'audio';
  dts_time: string;
  duration_time: string;
}

describe('an export of real recordings', () => {
  let folder: string;
  let silent: Scene;
  let withSound: Scene;
  let otherFormat: Scene;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
    await writeFile(join(folder, identityFile), '{"id":"of-this-test"}');
    silent = await filmScene({ seconds: 4 });
    withSound = await filmScene({ seconds: 4, audio: true });
    otherFormat = await filmScene({ seconds: 3, audio: true, framesPerSecond: 25, keyInterval: 25, bFrames: 2 });
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  const record = (id: string, startS: number, scene: Scene, options: RecordedSceneOptions = {}): Promise<RecordingRow> =>
    recordScene(folder, { id, startWallMs: eightMs + startS * 1000, startBootMs: startS * 1000 }, scene, options);

  const exported = (recordings: RecordingRow[], fromS = 0, toS = 3600) =>
    openExport(folder, cutSpan(recordings, eightMs + fromS * 1000, eightMs + toS * 1000), 'out.mp4');

  /** Decodes the whole export with ffmpeg and answers its packets; any complaint of either program fails the test. */
  const check = async (
    source: ByteSource,
  ): Promise<{ video: ProbedPacket[]; audio: ProbedPacket[]; frames: number; durationS: number }> => {
    const file = join(folder, 'out.mp4');
    const bytes = await bytesOf(source, 0, source.sizeBytes - 1);
    expect(bytes.length).toBe(source.sizeBytes);
    await writeFile(file, bytes);
    const probed = await run('ffprobe', ['-v', 'warning', '-show_packets', '-show_format', '-of', 'json', file], { maxBuffer: 1 << 26 });
    expect(probed.stderr).toBe('');
    const { packets, format } = JSON.parse(probed.stdout) as { packets: ProbedPacket[]; format: { duration: string } };
    const toLines = ['-map', '0', '-f', 'framecrc', '-enc_time_base', '1:90000', '-fps_mode', 'passthrough', '-'];
    const decoded = await run('ffmpeg', ['-v', 'warning', '-i', file, ...toLines]);
    expect(decoded.stderr).toBe('');
    const frames = decoded.stdout.split('\n').filter((line) => line.startsWith('0,')).length;
    const of = (type: string) => packets.filter((packet) => packet.codec_type === type);
    for (const track of [of('video'), of('audio')]) {
      track.forEach((packet, index) => {
        if (index > 0) expect(Number(packet.dts_time)).toBeGreaterThan(Number(track[index - 1]?.dts_time));
      });
    }
    return { video: of('video'), audio: of('audio'), frames, durationS: Number(format.duration) };
  };

  const bytesOf = async (source: ByteSource, start: number, end: number): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.read(start, end)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  test('of one recording has every picture of it', async () => {
    const { video, frames, durationS } = await check(await exported([await record('one', 0, silent)]));
    expect(video).toHaveLength(80);
    expect(frames).toBe(80);
    expect(durationS).toBeCloseTo(4, 2);
  });

  test('of a span inside a recording begins with the key picture before it', async () => {
    const { video, frames, durationS } = await check(await exported([await record('one', 0, silent)], 1.7, 2.9));
    expect(video).toHaveLength(40);
    expect(frames).toBe(40);
    expect(Number(video[0]?.dts_time)).toBe(0);
    expect(durationS).toBeCloseTo(2, 2);
  });

  test('goes over files and gaps without a hole in it', async () => {
    const rows = [await record('one', 0, withSound), await record('two', 600, withSound), await record('three', 1200, withSound)];
    const { video, audio, frames, durationS } = await check(await exported(rows));
    expect(frames).toBe(240);
    expect(durationS).toBeLessThan(12.2);
    for (const track of [video, audio]) {
      const holes = track.slice(1).map((packet, index) => Number(packet.dts_time) - Number(track[index]?.dts_time));
      expect(Math.max(...holes)).toBeLessThan(0.15);
    }
  });

  test('holds recordings of different formats, timescales and with sound in only some', async () => {
    for (const checksum of [true, false]) {
      const rows = [
        await record('one', 0, silent, { checksum }),
        await record('two', 60, otherFormat, { checksum }),
        await record('three', 120, silent, { checksum }),
        await record('four', 180, withSound, { checksum, partMs: 1300 }),
      ];
      const { video, audio, frames } = await check(await exported(rows));
      expect(video).toHaveLength(80 + 75 + 80 + 80);
      expect(frames).toBe(80 + 75 + 80 + 80);
      expect(audio.length).toBeGreaterThan(290);
      expect(Number(video.at(-1)?.dts_time)).toBeCloseTo(14.95, 0.5);
      expect(Number(audio.at(-1)?.dts_time)).toBeCloseTo(14.95, 0.5);
      // Sound belongs to the pictures beside it: the second recording begins after the 4 s of the first.
      expect(Number(audio[0]?.dts_time)).toBeGreaterThan(3.9);
      expect(Number(audio[0]?.dts_time)).toBeLessThan(4.1);
    }
  });

  test('keeps a codec of its own for each recording', async () => {
    const rows = [await record('one', 0, silent), await record('two', 60, await filmScene({ seconds: 1, bFrames: 1 }))];
    const { frames } = await check(await exported(rows));
    expect(frames).toBe(100);
  });

  test('gives any range of it as a part of the whole', async () => {
    const rows = [await record('one', 0, silent), await record('two', 60, otherFormat, { checksum: false })];
    const source = await exported(rows, 1);
    const whole = await bytesOf(source, 0, source.sizeBytes - 1);
    for (let start = 0; start < whole.length; start += 4_801) {
      const end = Math.min(whole.length - 1, start + (start % 30_000));
      expect((await bytesOf(source, start, end)).equals(whole.subarray(start, end + 1))).toBe(true);
    }
    expect((await bytesOf(source, 0, Number.MAX_SAFE_INTEGER)).equals(whole)).toBe(true);
  });

  test('has a tag that stays while the recordings do', async () => {
    const one = await record('one', 0, silent);
    expect((await exported([one])).etag).toBe((await exported([one])).etag);
    expect((await exported([one])).etag).not.toBe((await exported([one], 0, 1)).etag);
  });

  test('refuses a change of codec, and says when it was', async () => {
    const rows = [await record('avc', 0, silent), await record('hevc', 60, await filmScene({ seconds: 1, codec: 'h265' }))];
    await expect(exported(rows)).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('2026-01-05T08:01:00') });
    const { frames } = await check(await exported(rows.slice(1)));
    expect(frames).toBe(20);
  });

  test('leaves out what was removed in the meantime, and fails when it goes while it is read', async () => {
    const rows = [await record('stays', 0, silent), await record('goes', 60, silent)];
    const source = await exported(rows);
    await rm(join(folder, 'front/goes.mp4'));
    await expect(bytesOf(source, 0, source.sizeBytes - 1)).rejects.toMatchObject({ kind: 'not-found' });
    const rest = await check(await exported(rows));
    expect(rest.frames).toBe(80);
    await rm(join(folder, 'front/stays.mp4'));
    await expect(exported(rows)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('of nothing, or of a damaged recording, fails in plain words', async () => {
    await expect(exported([])).rejects.toMatchObject({ kind: 'not-found' });
    const short = await record('short', 0, silent);
    await truncate(join(folder, 'front/short.mp4'), 5_000);
    await expect(exported([short])).rejects.toMatchObject({ kind: 'storage-failed' });
    const zeroed = await record('zeroed', 0, silent);
    await writeFile(join(folder, 'front/zeroed.mp4'), new Uint8Array(zeroed.sizeBytes));
    await expect(exported([zeroed])).rejects.toMatchObject({ kind: 'storage-failed' });
  });
});
