import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { seededRandom } from '#device/testing/seeded-random.ts';
import type { AudioTrack, Packet, VideoTrack } from '../packet.ts';
import { Mp4Demuxer } from './demuxer.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const run = promisify(execFile);

/** Two seconds, ten frames a second, as a capture session would get them. */
async function film(...encoder: string[]): Promise<Uint8Array> {
  const input = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10', '-f', 'lavfi', '-i', 'sine=r=44100', '-t', '2'];
  const mp4 = ['-avoid_negative_ts', 'disabled', '-output_ts_offset', '10', '-f', 'mp4', '-use_editlist', '0'];
  const fragments = ['-movflags', 'empty_moov+default_base_moof+frag_every_frame+frag_discont', 'pipe:1'];
  const { stdout } = await run('ffmpeg', [...input, ...encoder, ...mp4, ...fragments], { encoding: 'buffer', maxBuffer: 1e8 });
  return stdout;
}

interface Taken {
  video: VideoTrack | null;
  audio: AudioTrack | null;
  packets: Packet[];
}

function takeApart(bytes: Uint8Array, chunkSize = bytes.length): Taken {
  const taken: Taken = { video: null, audio: null, packets: [] };
  const demuxer = new Mp4Demuxer({
    tracks: (video, audio) => Object.assign(taken, { video, audio }),
    packet: (packet) => taken.packets.push(packet),
  });
  for (let offset = 0; offset < bytes.length; offset += chunkSize) demuxer.push(bytes.subarray(offset, offset + chunkSize));
  return taken;
}

const h264 = ['-map', '0:v', '-c:v', 'libx264', '-profile:v', 'high', '-g', '10', '-bf', '2'];

describe('what ffmpeg writes', () => {
  test('H.264 with B-frames: every frame, its times, its keys, its codec', async () => {
    const { video, audio, packets } = takeApart(await film(...h264));
    expect(audio).toBeNull();
    expect(video).toMatchObject({ codec: 'h264', width: 320, height: 180 });
    expect(video?.codecString).toMatch(/^avc1\.6400[0-9a-f]{2}$/);
    expect(String.fromCharCode(...(video?.sampleEntry.subarray(4, 8) ?? []))).toBe('avc1');
    expect(packets).toHaveLength(20);
    expect(packets.map(({ key }, index) => (key ? index : -1)).filter((index) => index >= 0)).toEqual([0, 10]);
    const frame = (video?.timescale ?? 0) / 10;
    expect(packets.map(({ dts }) => dts)).toEqual(packets.map((_, index) => (packets[0]?.dts ?? 0) + index * frame));
    expect(packets.map((packet) => (packet.dts + packet.compositionOffset) / frame).sort((a, b) => a - b)[0]).toBe(100);
    expect(packets.some(({ compositionOffset }) => compositionOffset > frame)).toBe(true);
    expect(packets.every(({ data }) => new DataView(data.buffer).getUint32(0) + 4 <= data.length)).toBe(true);
  });

  test('H.265 is told apart and becomes hvc1', async () => {
    const { video, packets } = takeApart(await film('-map', '0:v', '-c:v', 'libx265', '-x265-params', 'log-level=none', '-g', '10'));
    expect(video?.codec).toBe('h265');
    expect(video?.codecString).toMatch(/^hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*$/);
    expect(String.fromCharCode(...(video?.sampleEntry.subarray(4, 8) ?? []))).toBe('hvc1');
    expect(packets).toHaveLength(20);
  });

  test('Motion JPEG packets are JPEGs', async () => {
    const { video, packets } = takeApart(await film('-map', '0:v', '-c:v', 'mjpeg'));
    expect(video?.codec).toBe('mjpeg');
    expect(packets.every(({ data, key }) => key && data[0] === 0xff && data[1] === 0xd8)).toBe(true);
  });

  test('AAC names its rate, channels and object type', async () => {
    const { audio, packets } = takeApart(await film('-map', '1:a', '-c:a', 'aac', '-ac', '2'));
    expect(audio).toMatchObject({ codec: 'aac', codecString: 'mp4a.40.2', sampleRateHz: 44_100, channels: 2, timescale: 44_100 });
    expect(packets.length).toBeGreaterThan(80);
    expect(packets.every(({ key, track }) => key && track === 'audio')).toBe(true);
  });

  test('other sound is refused by name', async () => {
    const opus = await film('-map', '1:a', '-c:a', 'libopus', '-ar', '48000');
    expect(() => takeApart(opus)).toThrow(/cannot handle audio/);
  });
});

describe('bytes as pipes bring them', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await film(...h264);
  });

  test.each([1, 7, 100, 4096])('chunks of %i bytes make no difference', (chunkSize) => {
    expect(takeApart(bytes, chunkSize)).toEqual(takeApart(bytes));
  });

  test('a torn end loses no more than what is torn', () => {
    expect(takeApart(bytes.subarray(0, bytes.length - 10)).packets.length).toBeGreaterThanOrEqual(18);
  });

  test('a box that claims gigabytes is refused before it is waited for', () => {
    const head = Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0x6d, 0x64, 0x61, 0x74, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(() => takeApart(head)).toThrow(RangeError);
  });

  test('whatever is broken in it, only RangeError comes out and memory stays bounded', () => {
    const random = seededRandom(7);
    const below = (limit: number) => Math.floor(random.next() * limit);
    for (let round = 0; round < 400; round += 1) {
      const broken = bytes.slice(0, 6000);
      for (let count = 0; count < 6; count += 1) broken[below(broken.length)] = below(256);
      try {
        takeApart(broken, 512);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});
