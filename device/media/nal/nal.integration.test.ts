import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { Mp4Demuxer } from '../mp4/demuxer.ts';
import type { VideoTrack } from '../packet.ts';
import { h264Track, readH264Sps } from './h264.ts';
import { h265Track, readH265Sps } from './h265.ts';

vi.setConfig({ testTimeout: 40_000 });

const run = promisify(execFile);

/** The track as ffmpeg describes it in MP4: what ours is held against. */
async function encoded(size: string, ...encoder: string[]): Promise<VideoTrack> {
  const input = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=10`, '-t', '0.5'];
  const mp4 = ['-f', 'mp4', '-movflags', 'empty_moov+default_base_moof', 'pipe:1'];
  const { stdout } = await run('ffmpeg', [...input, ...encoder, ...mp4], { encoding: 'buffer', maxBuffer: 1e8 });
  const tracks: VideoTrack[] = [];
  new Mp4Demuxer({ tracks: (video) => video && tracks.push(video), packet: () => {} }).push(stdout);
  const [track] = tracks;
  if (!track) throw new Error('no track');
  return track;
}

/** The parameter sets in a decoder configuration whose arrays begin at `start`. */
function setsIn(track: VideoTrack, box: 'avcC' | 'hvcC'): Uint8Array[] {
  const entry = Buffer.from(track.sampleEntry);
  const at = entry.indexOf(box) + 4;
  const take = (offset: number) => entry.subarray(at + offset + 2, at + offset + 2 + entry.readUInt16BE(at + offset));
  if (box === 'avcC') {
    const sps = take(6);
    return [sps, take(6 + 2 + sps.length + 1)];
  }
  let offset = 23;
  return Array.from({ length: 3 }, () => {
    const set = take(offset + 3);
    offset += 3 + 2 + set.length;
    return set;
  });
}

describe('a track made of the parameter sets in a stream is the one that ffmpeg makes', () => {
  test.each([
    ['baseline', '320x180', ['-profile:v', 'baseline', '-pix_fmt', 'yuv420p']],
    ['main, of a height that no macroblock fits', '1920x1080', ['-profile:v', 'main', '-pix_fmt', 'yuv420p']],
    ['high, with B-frames', '1280x722', ['-profile:v', 'high', '-pix_fmt', 'yuv420p', '-bf', '2']],
    ['high 4:2:2, interlaced', '704x576', ['-profile:v', 'high422', '-pix_fmt', 'yuv422p', '-flags', '+ildct+ilme']],
    ['high 10', '640x358', ['-profile:v', 'high10', '-pix_fmt', 'yuv420p10le']],
  ])('H.264 %s', async (_, size, options) => {
    const track = await encoded(size, '-c:v', 'libx264', '-preset', 'ultrafast', ...options);
    const [sps, pps] = setsIn(track, 'avcC');
    if (!sps || !pps) throw new Error('no parameter sets');
    const made = h264Track(sps, pps, track.timescale);
    expect({ ...made, sampleEntry: null }).toEqual({ ...track, sampleEntry: null });
    const configuration = Buffer.from(made.sampleEntry).subarray(Buffer.from(made.sampleEntry).indexOf('avcC'));
    expect(Buffer.from(track.sampleEntry).includes(configuration)).toBe(true);
  });

  test.each([
    ['main', '1920x1080', ['-pix_fmt', 'yuv420p']],
    ['main 10, of an odd size', '642x362', ['-pix_fmt', 'yuv420p10le']],
  ])('H.265 %s', async (_, size, options) => {
    const track = await encoded(size, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', ...options);
    const [vps, sps, pps] = setsIn(track, 'hvcC');
    if (!vps || !sps || !pps) throw new Error('no parameter sets');
    expect({ ...h265Track(vps, sps, pps, track.timescale), sampleEntry: null }).toEqual({ ...track, sampleEntry: null });
  });
});

test('torn and senseless parameter sets are refused', () => {
  const sps = Buffer.from('67640028acd940780227e5c044000003000400000300f03c60c658', 'hex');
  expect(readH264Sps(sps)).toMatchObject({ width: 1920, height: 1080 });
  for (let length = 1; length < 9; length += 1) expect(() => readH264Sps(sps.subarray(0, length)), `${length} bytes`).toThrow(RangeError);
  expect(() => readH264Sps(Buffer.alloc(40))).toThrow(RangeError);
  expect(() => readH265Sps(Buffer.alloc(40))).toThrow(RangeError);
  expect(() => readH265Sps(Buffer.from('420101', 'hex'))).toThrow(RangeError);
});
