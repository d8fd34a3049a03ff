import type { AudioTrack, VideoTrack } from '../packet.ts';
import { ascii, type BoxHeader, walkBoxes } from './box.ts';

/** Reads what ISO BMFF sample entries say about their stream. Throws RangeError on anything torn, hostile or unknown. */

const visualHeaderSize = 86;
const audioHeaderSize = 36;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function childPayload(entry: Uint8Array, headerSize: number, type: string): Uint8Array {
  for (const box of walkBoxes(entry, headerSize)) {
    if (box.type === type) return entry.subarray(box.offset + box.headerSize, box.offset + box.size);
  }
  throw new RangeError(`no ${type} in the sample entry`);
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}

/** `avc1.PPCCLL` from an AVCDecoderConfigurationRecord. */
export function avcCodecString(avcC: Uint8Array): string {
  const [version, profile = 0, constraints = 0, level = 0] = avcC;
  if (version !== 1 || avcC.length < 7) throw new RangeError('not an avcC');
  return `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`;
}

/** `hvc1.…` from an HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 annex E. */
export function hevcCodecString(type: string, hvcC: Uint8Array): string {
  if (hvcC[0] !== 1 || hvcC.length < 23) throw new RangeError('not an hvcC');
  const data = view(hvcC);
  const general = data.getUint8(1);
  const space = ['', 'A', 'B', 'C'][general >> 6] ?? '';
  const tier = general & 0x20 ? 'H' : 'L';
  const compatibility = reverseBits(data.getUint32(2)).toString(16).toUpperCase();
  const constraints = [...hvcC.subarray(6, 12)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  const parts = [type, `${space}${general & 0x1f}`, compatibility, `${tier}${data.getUint8(12)}`];
  return [...parts, ...constraints.map((value) => value.toString(16).toUpperCase())].join('.');
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) if (value & (1 << bit)) reversed |= 1 << (31 - bit);
  return reversed >>> 0;
}

interface ElementaryStream {
  objectType: number;
  /** Decoder specific information; empty when there is none. */
  specific: Uint8Array;
}

/** The MPEG-4 descriptors of an `esds` payload, ISO/IEC 14496-1. */
function readEsds(payload: Uint8Array): ElementaryStream {
  const es = descriptor(payload, 4, 3);
  const flags = es.body[2] ?? 0;
  const skip = 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x40 ? 1 + (es.body[3] ?? 0) : 0) + (flags & 0x20 ? 2 : 0);
  const config = descriptor(es.body, skip, 4);
  const objectType = config.body[0];
  if (objectType === undefined) throw new RangeError('empty esds');
  const specific = config.body.length > 13 ? descriptor(config.body, 13, 5).body : new Uint8Array();
  return { objectType, specific };
}

function descriptor(bytes: Uint8Array, offset: number, tag: number): { body: Uint8Array } {
  if (bytes[offset] !== tag) throw new RangeError(`no descriptor ${tag} in esds`);
  let size = 0;
  let position = offset + 1;
  for (let count = 0; ; count += 1) {
    const byte = bytes[position];
    if (byte === undefined || count === 4) throw new RangeError('torn descriptor in esds');
    position += 1;
    size = (size << 7) | (byte & 0x7f);
    if (!(byte & 0x80)) break;
  }
  if (position + size > bytes.length) throw new RangeError('torn descriptor in esds');
  return { body: bytes.subarray(position, position + size) };
}

const jpegObjectType = 0x6c;
const aacObjectType = 0x40;

/** `entry` is one whole sample entry box; the track keeps a copy of it. */
export function readVideoEntry(header: BoxHeader, entry: Uint8Array, timescale: number): VideoTrack {
  if (entry.length < visualHeaderSize) throw new RangeError('torn sample entry');
  const data = view(entry);
  const base = { width: data.getUint16(32), height: data.getUint16(34), timescale, sampleEntry: new Uint8Array(entry) };
  if (base.width === 0 || base.height === 0) throw new RangeError('a picture without size');
  switch (header.type) {
    case 'avc1':
    case 'avc3':
      return { ...base, codec: 'h264', codecString: avcCodecString(childPayload(entry, visualHeaderSize, 'avcC')) };
    case 'hvc1':
    case 'hev1':
      // Apple's players take only `hvc1`. All parameter sets are in the entry either way.
      base.sampleEntry.set(ascii('hvc1'), 4);
      return { ...base, codec: 'h265', codecString: hevcCodecString('hvc1', childPayload(entry, visualHeaderSize, 'hvcC')) };
    case 'mp4v': {
      const { objectType } = readEsds(childPayload(entry, visualHeaderSize, 'esds'));
      if (objectType !== jpegObjectType) break;
      return { ...base, codec: 'mjpeg', codecString: 'mp4v.6C' };
    }
  }
  throw new RangeError(`cannot handle video of type ${header.type}`);
}

export function readAudioEntry(header: BoxHeader, entry: Uint8Array, timescale: number): AudioTrack {
  if (header.type !== 'mp4a' || entry.length < audioHeaderSize) throw new RangeError(`cannot handle audio of type ${header.type}`);
  const data = view(entry);
  const { objectType, specific } = readEsds(childPayload(entry, audioHeaderSize, 'esds'));
  if (objectType !== aacObjectType) throw new RangeError(`cannot handle audio object type ${objectType}`);
  const short = (specific[0] ?? 0x10) >> 3;
  const audioType = short === 31 ? 32 + (((specific[0] ?? 0) & 7) << 3) + ((specific[1] ?? 0) >> 5) : short;
  return {
    codec: 'aac',
    codecString: `mp4a.40.${audioType}`,
    sampleRateHz: data.getUint16(32) || timescale,
    channels: data.getUint16(24),
    timescale,
    sampleEntry: new Uint8Array(entry),
  };
}
