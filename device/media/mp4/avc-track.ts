import type { VideoTrack } from '../packet.ts';
import { box, concat, u8, u16, u32 } from './box.ts';
import { avcCodecString } from './sample-entry.ts';

/** The track that an H.264 stream without a container is, from its first parameter sets. Throws RangeError when they make no sense. */
export function avcTrack(sps: Uint8Array, pps: Uint8Array, timescale: number): VideoTrack {
  const { width, height, chroma } = readSps(sps);
  const avcC = concat([
    u8(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1),
    ...[u16(sps.length), sps, u8(1), u16(pps.length), pps],
    chroma === null ? u8() : u8(0xfc | chroma.format, 0xf8 | chroma.lumaDepth, 0xf8 | chroma.chromaDepth, 0),
  ]);
  return { codec: 'h264', codecString: avcCodecString(avcC), width, height, timescale, sampleEntry: avc1(width, height, avcC) };
}

/** ISO/IEC 14496-12, 12.1.3, and 14496-15, 5.4.2. */
function avc1(width: number, height: number, avcC: Uint8Array): Uint8Array {
  const dotsPerInch = 0x0048_0000;
  return box(
    'avc1',
    u8(0, 0, 0, 0, 0, 0),
    u16(1),
    new Uint8Array(16),
    ...[u16(width, height), u32(dotsPerInch, dotsPerInch, 0), u16(1)],
    ...[new Uint8Array(32), u16(24, 0xffff), box('avcC', avcC)],
  );
}

interface SpsFacts {
  width: number;
  height: number;
  /** What profiles above main say of their colours; null for the others. */
  chroma: { format: number; lumaDepth: number; chromaDepth: number } | null;
}

const profilesWithChroma = new Set([44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244]);
const largestSide = 16_384;

/** ITU-T H.264, 7.3.2.1.1, as far as the size of the picture. */
function readSps(sps: Uint8Array): SpsFacts {
  const bits = new Bits(withoutEmulation(sps.subarray(1)));
  const profile = bits.fixed(8);
  bits.fixed(16);
  bits.golomb();
  const chroma = profilesWithChroma.has(profile) ? readChroma(bits) : null;
  bits.golomb();
  skipOrder(bits);
  bits.golomb();
  bits.fixed(1);
  const widthUnits = bits.golomb() + 1;
  const heightUnits = bits.golomb() + 1;
  const isProgressive = bits.fixed(1);
  if (!isProgressive) bits.fixed(1);
  bits.fixed(1);
  const crop = bits.fixed(1) ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const format = chroma?.format ?? 1;
  const cropX = format === 1 || format === 2 ? 2 : 1;
  const cropY = (format === 1 ? 2 : 1) * (isProgressive ? 1 : 2);
  const width = widthUnits * 16 - (left + right) * cropX;
  const height = heightUnits * 16 * (isProgressive ? 1 : 2) - (top + bottom) * cropY;
  if (width < 1 || height < 1 || width > largestSide || height > largestSide) throw new RangeError('a picture of no size');
  return { width, height, chroma };
}

function readChroma(bits: Bits): SpsFacts['chroma'] {
  const format = bits.golomb();
  if (format > 3) throw new RangeError('no such chroma format');
  if (format === 3) bits.fixed(1);
  const lumaDepth = bits.golomb();
  const chromaDepth = bits.golomb();
  bits.fixed(1);
  const hasScaling = bits.fixed(1);
  for (let list = 0; hasScaling && list < (format === 3 ? 12 : 8); list += 1) if (bits.fixed(1)) skipScaling(bits, list < 6 ? 16 : 64);
  return { format, lumaDepth: lumaDepth & 7, chromaDepth: chromaDepth & 7 };
}

function skipScaling(bits: Bits, size: number): void {
  let next = 8;
  for (let index = 0, last = 8; index < size && next !== 0; index += 1) {
    next = (last + bits.signedGolomb() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipOrder(bits: Bits): void {
  const type = bits.golomb();
  if (type === 0) bits.golomb();
  if (type !== 1) return;
  bits.fixed(1);
  bits.golomb();
  bits.golomb();
  const count = bits.golomb();
  if (count > 255) throw new RangeError('too many reference frames');
  for (let index = 0; index < count; index += 1) bits.golomb();
}

/** A 3 after two zeros stands there only so that no start code comes about. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, index) => !(byte === 3 && index >= 2 && bytes[index - 1] === 0 && bytes[index - 2] === 0));
}

class Bits {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  fixed(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) {
      const byte = this.#bytes[this.#position >> 3];
      if (byte === undefined) throw new RangeError('a parameter set that is cut off');
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position += 1;
    }
    return value;
  }

  golomb(): number {
    let zeros = 0;
    while (this.fixed(1) === 0) {
      zeros += 1;
      if (zeros > 31) throw new RangeError('a number that does not end');
    }
    return 2 ** zeros - 1 + this.fixed(zeros);
  }

  signedGolomb(): number {
    const value = this.golomb();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}
