import { type BoxHeader, readBoxHeader } from './box.ts';
import { checksumUuid } from './fragment.ts';
import { childrenOf, numberIn } from './read-movie.ts';

export interface FragmentSample {
  /** Ticks of the track. */
  duration: number;
  compositionOffset: number;
  key: boolean;
  /** Position counted from the first byte of `moof`. */
  offset: number;
  sizeBytes: number;
}

export interface FragmentTrack {
  trackId: number;
  /** Decode time of the first sample, ticks. */
  decodeTime: number;
  samples: FragmentSample[];
}

export interface ReadFragment {
  sequence: number;
  tracks: FragmentTrack[];
  /** CRC-32 of the `mdat` payload; null when the writer left none. */
  checksum: number | null;
}

const maximumSamples = 100_000;
const notASyncSample = 0x00010000;

/** Reads one whole `moof` box as `fragment` writes it (data offsets relative to `moof`). Throws RangeError when it is malformed. */
export function readFragment(moof: Uint8Array): ReadFragment {
  const header = readBoxHeader(moof, 0);
  if (header?.type !== 'moof' || header.size > moof.length) throw new RangeError('no whole moof');
  const result: ReadFragment = { sequence: 0, tracks: [], checksum: null };
  for (const child of childrenOf(moof, header)) {
    if (child.type === 'mfhd') result.sequence = numberIn(moof, child, 4);
    if (child.type === 'traf') result.tracks.push(readTrackFragment(moof, child));
    if (child.type === 'uuid' && child.size === 28 && isChecksum(moof, child)) result.checksum = numberIn(moof, child, 16);
  }
  return result;
}

function isChecksum(bytes: Uint8Array, uuid: BoxHeader): boolean {
  return checksumUuid.every((byte, index) => bytes[uuid.offset + uuid.headerSize + index] === byte);
}

interface SampleDefaults {
  duration: number;
  sizeBytes: number;
  flags: number;
}

function readTrackFragment(bytes: Uint8Array, traf: BoxHeader): FragmentTrack {
  const track: FragmentTrack = { trackId: 0, decodeTime: 0, samples: [] };
  let defaults: SampleDefaults = { duration: 0, sizeBytes: 0, flags: 0 };
  for (const child of childrenOf(bytes, traf)) {
    if (child.type === 'tfhd') {
      track.trackId = numberIn(bytes, child, 4);
      defaults = readDefaults(bytes, child);
    }
    if (child.type === 'tfdt') track.decodeTime = readDecodeTime(bytes, child);
    if (child.type === 'trun') readRun(bytes, child, defaults, track.samples);
  }
  return track;
}

function readDefaults(bytes: Uint8Array, tfhd: BoxHeader): SampleDefaults {
  const flags = numberIn(bytes, tfhd, 0);
  let at = 8 + (flags & 0x01 ? 8 : 0) + (flags & 0x02 ? 4 : 0);
  const optional = (bit: number): number => {
    if (!(flags & bit)) return 0;
    at += 4;
    return numberIn(bytes, tfhd, at - 4);
  };
  return { duration: optional(0x08), sizeBytes: optional(0x10), flags: optional(0x20) };
}

function readDecodeTime(bytes: Uint8Array, tfdt: BoxHeader): number {
  const isLong = numberIn(bytes, tfdt, 0) >>> 24 === 1;
  const time = isLong ? numberIn(bytes, tfdt, 4) * 2 ** 32 + numberIn(bytes, tfdt, 8) : numberIn(bytes, tfdt, 4);
  if (!Number.isSafeInteger(time)) throw new RangeError('a decode time beyond all reason');
  return time;
}

function readRun(bytes: Uint8Array, trun: BoxHeader, defaults: SampleDefaults, samples: FragmentSample[]): void {
  const flags = numberIn(bytes, trun, 0);
  const count = numberIn(bytes, trun, 4);
  if (samples.length + count > maximumSamples) throw new RangeError('too many samples');
  let at = 8;
  const next = (): number => {
    at += 4;
    return numberIn(bytes, trun, at - 4);
  };
  let offset = flags & 0x01 ? next() | 0 : 0;
  const firstFlags = flags & 0x04 ? next() : null;
  for (let index = 0; index < count; index += 1) {
    const duration = flags & 0x100 ? next() : defaults.duration;
    const sizeBytes = flags & 0x200 ? next() : defaults.sizeBytes;
    const ownFlags = flags & 0x400 ? next() : index === 0 && firstFlags !== null ? firstFlags : defaults.flags;
    const compositionOffset = flags & 0x800 ? next() | 0 : 0;
    samples.push({ duration, compositionOffset, key: (ownFlags & notASyncSample) === 0, offset, sizeBytes });
    offset += sizeBytes;
  }
}
