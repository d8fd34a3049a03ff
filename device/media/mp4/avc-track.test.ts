import { describe, expect, test } from 'vitest';
import { avcTrack } from './avc-track.ts';
import { readBoxHeader } from './box.ts';
import { parameterSets } from './parameter-sets.ts';
import { readVideoEntry } from './sample-entry.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const pps = bytes('68ebe3cb22c0');

describe('the track of a bare H.264 stream', () => {
  test.each([
    ['6764001facd9405005bb011000000300100000030140f1831960', 1280, 720, 'avc1.64001f'],
    ['6742c028d900780227e5c044000003000400000300503c60c920', 1920, 1080, 'avc1.42c028'],
    ['674d4016eca05017fcb80880000003008000000a078b16cb', 640, 360, 'avc1.4d4016'],
  ])('has the size that its parameter set %s tells, cropped', (sps, width, height, codecString) => {
    expect(avcTrack(bytes(sps), pps, 90_000)).toMatchObject({ codec: 'h264', width, height, codecString, timescale: 90_000 });
  });

  test('is read back as it was written, parameter sets and all', () => {
    const sps = bytes('6764001facd9405005bb011000000300100000030140f1831960');
    const track = avcTrack(sps, pps, 90_000);
    const header = readBoxHeader(track.sampleEntry, 0);
    if (!header) throw new Error('no entry');
    expect(readVideoEntry(header, track.sampleEntry, 90_000)).toEqual(track);
    expect(parameterSets(track.sampleEntry)).toEqual(Uint8Array.from([0, 0, 0, sps.length, ...sps, 0, 0, 0, pps.length, ...pps]));
  });

  test.each([['67'], ['6764001f'], [`6764001f${'00'.repeat(40)}`], [`6764001f${'ff'.repeat(4)}`]])('is refused when it is %s', (sps) => {
    expect(() => avcTrack(bytes(sps), pps, 90_000)).toThrow(RangeError);
  });
});
