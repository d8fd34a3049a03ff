import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filmScene, type Scene, type SceneOptions } from '#device/testing/filmed-scene.ts';
import type { TimedPacket } from '../packet.ts';
import { concat } from './box.ts';
import { baseTimesAt, fragment } from './fragment.ts';
import { initSegment, mimeOf } from './init-segment.ts';
import { type ByteReader, type ScannedFile, scan } from './scan.ts';

const run = promisify(execFile);

interface Probe {
  streams: { codec_name: string; codec_type: string; nb_read_packets: string; start_time: string; codec_tag_string: string }[];
}

function bytesOf(bytes: Uint8Array): ByteReader {
  return {
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** A file of parts of half a second. */
function fileOf(scene: Scene, checksum = true): { bytes: Uint8Array; headBytes: number; partEnds: number[] } {
  const first = scene.packets.find((packet) => packet.track === 'video');
  if (!first) throw new Error('no picture');
  const base = baseTimesAt(scene.format, first);
  const head = initSegment(scene.format, { metadata: new TextEncoder().encode('{"id":"one"}'), reservedBytes: 400 });
  const pieces = [head];
  const partEnds: number[] = [];
  let end = head.length;
  const lastPicture = scene.packets.findLast((packet) => packet.track === 'video')?.bootMs ?? 0;
  const parts = Map.groupBy(scene.packets, (packet: TimedPacket) => Math.floor(Math.min(packet.bootMs, lastPicture) / 500));
  for (const packets of parts.values()) {
    const part = fragment(pieces.length, packets, base, { checksum });
    pieces.push(part);
    end += part.length;
    partEnds.push(end);
  }
  return { bytes: concat(pieces), headBytes: head.length, partEnds };
}

describe('a file of real packets', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mp4-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const probe = async (bytes: Uint8Array): Promise<Probe> => {
    const file = join(folder, 'probe.mp4');
    await writeFile(file, bytes);
    const { stdout, stderr } = await run('ffprobe', ['-v', 'warning', '-count_packets', '-show_streams', '-of', 'json', file]);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Probe;
  };

  const kinds: [string, SceneOptions, string[]][] = [
    ['H.264 with sound', { seconds: 2, audio: true }, ['avc1', 'mp4a']],
    ['H.264 with pictures out of order', { seconds: 2, bFrames: 2 }, ['avc1']],
    ['H.265', { seconds: 2, codec: 'h265' }, ['hvc1']],
    ['MJPEG', { seconds: 1, codec: 'mjpeg' }, ['mp4v']],
  ];
  for (const [name, options, tags] of kinds) {
    test(`${name} is read by ffprobe, packet for packet`, async () => {
      const scene = await filmScene(options);
      const { streams } = await probe(fileOf(scene).bytes);
      expect(streams.map((stream) => stream.codec_tag_string)).toEqual(tags);
      for (const stream of streams) {
        const sent = scene.packets.filter((packet) => packet.track === stream.codec_type && packet.dts >= 0);
        expect(Number(stream.nb_read_packets)).toBe(sent.length);
      }
    });
  }

  test('cut at the end of any part, it is whole for ffprobe and decodes without complaint', async () => {
    const scene = await filmScene({ seconds: 3, audio: true });
    const { bytes, partEnds } = fileOf(scene);
    const counts: number[] = [];
    for (const end of partEnds) {
      const { streams } = await probe(bytes.subarray(0, end));
      counts.push(Number(streams.find((stream) => stream.codec_type === 'video')?.nb_read_packets));
      const decoded = await run('ffmpeg', ['-v', 'warning', '-i', join(folder, 'probe.mp4'), '-f', 'null', '-']);
      expect(decoded.stderr).toBe('');
    }
    expect(counts).toEqual([10, 20, 30, 40, 50, 60]);
  });

  test('says what a browser needs to know to play it', async () => {
    const scene = await filmScene({ seconds: 1, audio: true });
    expect(mimeOf(scene.format)).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}, mp4a\.40\.2"$/);
    expect(mimeOf((await filmScene({ seconds: 1, codec: 'h265' })).format)).toContain('codecs="hvc1.');
  });
});

describe('scanning', () => {
  let whole: ReturnType<typeof fileOf>;
  let found: ScannedFile;
  beforeAll(async () => {
    whole = fileOf(await filmScene({ seconds: 2, framesPerSecond: 10, keyInterval: 10, audio: true }));
    found = await scan(bytesOf(whole.bytes));
  });

  const expectedEnd = (length: number): number => {
    if (length < whole.headBytes) return length;
    return [whole.headBytes, ...whole.partEnds].findLast((end) => end <= length) ?? 0;
  };

  test('finds every part, when it begins, and whether playback can start there', () => {
    expect(found.parts.map(({ startMs, durationMs, key }) => ({ startMs, durationMs, key }))).toEqual([
      { startMs: 0, durationMs: 500, key: true },
      { startMs: 500, durationMs: 500, key: false },
      { startMs: 1000, durationMs: 500, key: true },
      { startMs: 1500, durationMs: 500, key: false },
    ]);
    expect(found.validBytes).toBe(whole.bytes.length);
    expect(new TextDecoder().decode(found.metadata ?? new Uint8Array()).trim()).toBe('{"id":"one"}');
    expect(found.reserved).toMatchObject({ length: 400, filled: false });
  });

  test('finds the same parts however the file is cut, up to the last whole one', async () => {
    for (let length = 0; length < whole.bytes.length; length += length < whole.headBytes + 2_000 ? 1 : 37) {
      const cut = await scan(bytesOf(whole.bytes.subarray(0, length)));
      expect(cut.validBytes).toBeLessThanOrEqual(length);
      if (length >= whole.headBytes) expect(cut.validBytes).toBe(expectedEnd(length));
      expect(cut.parts).toEqual(found.parts.slice(0, cut.parts.length));
    }
    for (const end of whole.partEnds) {
      for (const length of [end - 1, end, end + 1]) {
        expect((await scan(bytesOf(whole.bytes.subarray(0, length)))).validBytes).toBe(expectedEnd(Math.min(length, whole.bytes.length)));
      }
    }
  });

  test('ends before a part of which a page never reached the disk', async () => {
    const start = whole.partEnds[1] ?? 0;
    const holed = Uint8Array.from(whole.bytes);
    holed.fill(0, start + 900, start + 1_100);
    const torn = await scan(bytesOf(holed));
    expect(torn.validBytes).toBe(start);
    expect((await scan(bytesOf(holed), { verifyFrom: holed.length })).validBytes).toBe(holed.length);
  });

  test('survives any garbage in place of any of its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 64 }), async (at, garbage) => {
        const broken = Uint8Array.from(whole.bytes);
        broken.set(garbage.subarray(0, broken.length - at), at);
        const survivor = await scan(bytesOf(broken));
        expect(survivor.validBytes).toBeLessThanOrEqual(broken.length);
      }),
      { numRuns: 300 },
    );
  });

  test('finds nothing in what is no recording at all, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (garbage) => {
        const nothing = await scan(bytesOf(garbage));
        expect(nothing.init).toBeNull();
        expect(nothing.parts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
