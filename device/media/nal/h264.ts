import { box, concat, u8, u16 } from '../mp4/box.ts';
import { avcCodecString } from '../mp4/sample-entry.ts';
import { videoSampleEntry } from '../mp4/visual-entry.ts';
import type { VideoTrack } from '../packet.ts';
import { BitReader, withoutEmulationPrevention } from './bit-reader.ts';

/** NAL unit types of ITU-T H.264, table 7-1. */
export const h264Types = { slice: 1, idr: 5, sps: 7, pps: 8, accessUnitDelimiter: 9, endOfStream: 11, filler: 12 } as const;

/** Profiles whose parameter sets tell of chroma and scaling lists. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

export interface H264Picture {
  profile: number;
  chromaFormat: number;
  /** Bits a sample. */
  lumaDepth: number;
  chromaDepth: number;
  width: number;
  height: number;
}

/** What a sequence parameter set says, ITU-T H.264, 7.3.2.1.1. Throws RangeError when it is torn or makes no sense. */
export function readH264Sps(sps: Uint8Array): H264Picture {
  const bits = new BitReader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = bits.bits(8);
  bits.skip(16);
  bits.unsigned();
  const colour = highProfiles.has(profile) ? readColour(bits) : { chromaFormat: 1, isSeparate: false, lumaDepth: 8, chromaDepth: 8 };
  bits.unsigned();
  skipPictureOrder(bits);
  bits.unsigned();
  bits.skip(1);
  const columns = bits.unsigned() + 1;
  const rows = bits.unsigned() + 1;
  const isFramesOnly = bits.bit();
  if (!isFramesOnly) bits.skip(1);
  bits.skip(1);
  const crop = bits.bit() ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const samples = colour.isSeparate ? 0 : colour.chromaFormat;
  const cropX = samples === 1 || samples === 2 ? 2 : 1;
  const cropY = (samples === 1 ? 2 : 1) * (2 - isFramesOnly);
  const width = columns * 16 - (left + right) * cropX;
  const height = (2 - isFramesOnly) * rows * 16 - (top + bottom) * cropY;
  if (!(width > 0 && height > 0 && width <= 16_384 && height <= 16_384)) throw new RangeError('a picture of no size');
  const { chromaFormat, lumaDepth, chromaDepth } = colour;
  return { profile, chromaFormat, lumaDepth, chromaDepth, width, height };
}

function readColour(bits: BitReader): { chromaFormat: number; isSeparate: boolean; lumaDepth: number; chromaDepth: number } {
  const chromaFormat = bits.unsigned();
  const isSeparate = chromaFormat === 3 && bits.bit() === 1;
  const lumaDepth = bits.unsigned() + 8;
  const chromaDepth = bits.unsigned() + 8;
  bits.skip(1);
  if (bits.bit()) {
    for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list += 1) if (bits.bit()) skipScalingList(bits, list < 6 ? 16 : 64);
  }
  return { chromaFormat, isSeparate, lumaDepth, chromaDepth };
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index += 1) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.unsigned();
  if (type === 0) bits.unsigned();
  if (type !== 1) return;
  bits.skip(1);
  bits.signed();
  bits.signed();
  const count = bits.unsigned();
  if (count > 255) throw new RangeError('a parameter set that makes no sense');
  for (let index = 0; index < count; index += 1) bits.signed();
}

/** The track that begins with these parameter sets. Throws RangeError when they are torn. */
export function h264Track(sps: Uint8Array, pps: Uint8Array, timescale: number): VideoTrack {
  const picture = readH264Sps(sps);
  const high = [100, 110, 122, 144].includes(picture.profile)
    ? u8(0xfc | picture.chromaFormat, 0xf8 | (picture.lumaDepth - 8), 0xf8 | (picture.chromaDepth - 8), 0)
    : u8();
  const configuration = concat([
    u8(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1),
    u16(sps.length),
    sps,
    u8(1),
    u16(pps.length),
    pps,
    high,
  ]);
  const { width, height } = picture;
  const sampleEntry = videoSampleEntry('avc1', width, height, box('avcC', configuration));
  return { codec: 'h264', codecString: avcCodecString(configuration), width, height, timescale, sampleEntry };
}
