import { box, concat, u8, u16 } from '../mp4/box.ts';
import { hevcCodecString } from '../mp4/sample-entry.ts';
import { videoSampleEntry } from '../mp4/visual-entry.ts';
import type { VideoTrack } from '../packet.ts';
import { BitReader, withoutEmulationPrevention } from './bit-reader.ts';

/** NAL unit types of ITU-T H.265, table 7-1. */
export const h265Types = {
  firstIrap: 16,
  lastIrap: 23,
  lastPicture: 31,
  vps: 32,
  sps: 33,
  pps: 34,
  accessUnitDelimiter: 35,
  filler: 38,
} as const;

export interface H265Picture {
  subLayers: number;
  isNested: boolean;
  /** Twelve bytes: profile space, tier, profile, compatibility, constraints, level. */
  profile: Uint8Array;
  chromaFormat: number;
  lumaDepth: number;
  chromaDepth: number;
  width: number;
  height: number;
}

/** What a sequence parameter set says, ITU-T H.265, 7.3.2.2.1. Throws RangeError when it is torn or makes no sense. */
export function readH265Sps(sps: Uint8Array): H265Picture {
  const raw = withoutEmulationPrevention(sps.subarray(2));
  const bits = new BitReader(raw);
  bits.skip(4);
  const subLayers = bits.bits(3) + 1;
  const isNested = bits.bit() === 1;
  const profile = raw.slice(1, 13);
  bits.skip(96);
  skipSubLayers(bits, subLayers - 1);
  bits.unsigned();
  const chromaFormat = bits.unsigned();
  const isSeparate = chromaFormat === 3 && bits.bit() === 1;
  const codedWidth = bits.unsigned();
  const codedHeight = bits.unsigned();
  const [left = 0, right = 0, top = 0, bottom = 0] = bits.bit() ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()] : [];
  const samples = isSeparate ? 0 : chromaFormat;
  const width = codedWidth - (left + right) * (samples === 1 || samples === 2 ? 2 : 1);
  const height = codedHeight - (top + bottom) * (samples === 1 ? 2 : 1);
  if (!(width > 0 && height > 0 && width <= 16_384 && height <= 16_384)) throw new RangeError('a picture of no size');
  return { subLayers, isNested, profile, chromaFormat, lumaDepth: bits.unsigned() + 8, chromaDepth: bits.unsigned() + 8, width, height };
}

function skipSubLayers(bits: BitReader, count: number): void {
  const present = Array.from({ length: count }, () => ({ profile: bits.bit(), level: bits.bit() }));
  if (count > 0) bits.skip((8 - count) * 2);
  for (const { profile, level } of present) bits.skip(profile * 88 + level * 8);
}

/** The track that begins with these parameter sets. Throws RangeError when they are torn. */
export function h265Track(vps: Uint8Array, sps: Uint8Array, pps: Uint8Array, timescale: number): VideoTrack {
  const picture = readH265Sps(sps);
  const array = (type: number, nal: Uint8Array) => concat([u8(0x80 | type), u16(1, nal.length), nal]);
  const configuration = concat([
    u8(1),
    picture.profile,
    u8(0xf0, 0x00, 0xfc, 0xfc | picture.chromaFormat, 0xf8 | (picture.lumaDepth - 8), 0xf8 | (picture.chromaDepth - 8), 0, 0),
    u8((picture.subLayers << 3) | (picture.isNested ? 4 : 0) | 3, 3),
    array(h265Types.vps, vps),
    array(h265Types.sps, sps),
    array(h265Types.pps, pps),
  ]);
  const { width, height } = picture;
  const sampleEntry = videoSampleEntry('hvc1', width, height, box('hvcC', configuration));
  return { codec: 'h265', codecString: hevcCodecString('hvc1', configuration), width, height, timescale, sampleEntry };
}
