import { walkBoxes } from './box.ts';

export interface TrackDefaults {
  defaultDuration: number;
  defaultSize: number;
  defaultFlags: number;
}

export interface FragmentSample {
  trackId: number;
  dts: number;
  duration: number;
  compositionOffset: number;
  key: boolean;
  /** From the first byte of the `moof`. */
  offset: number;
  size: number;
}

const maxSamplesPerFragment = 4096;
const notSyncFlag = 0x10000;

/** A full box read from front to back; DataView throws RangeError where it is torn. */
class Fields {
  readonly #data: DataView;
  #position = 12;
  readonly version: number;
  readonly flags: number;

  constructor(box: Uint8Array) {
    this.#data = new DataView(box.buffer, box.byteOffset, box.byteLength);
    const word = this.#data.getUint32(8);
    this.version = word >>> 24;
    this.flags = word & 0xffffff;
  }

  u32(): number {
    this.#position += 4;
    return this.#data.getUint32(this.#position - 4);
  }

  i32(): number {
    this.#position += 4;
    return this.#data.getInt32(this.#position - 4);
  }

  u64(): number {
    this.#position += 8;
    const value = Number(this.#data.getBigUint64(this.#position - 8));
    if (!Number.isSafeInteger(value)) throw new RangeError('a time beyond all times');
    return value;
  }

  u32If(flag: number): number | undefined {
    return this.flags & flag ? this.u32() : undefined;
  }
}

/** Every sample a whole `moof` speaks of, in the order of its runs; tracks that are not in `tracks` are left out. */
export function readFragment(moof: Uint8Array, tracks: ReadonlyMap<number, TrackDefaults>): FragmentSample[] {
  const samples: FragmentSample[] = [];
  for (const traf of walkBoxes(moof, 8)) {
    if (traf.type === 'traf') readTrackFragment(moof.subarray(traf.offset, traf.offset + traf.size), tracks, samples);
  }
  return samples;
}

function readTrackFragment(traf: Uint8Array, tracks: ReadonlyMap<number, TrackDefaults>, samples: FragmentSample[]): void {
  let trackId = 0;
  let defaults: TrackDefaults | undefined;
  let dts: number | undefined;
  for (const header of walkBoxes(traf, 8)) {
    const box = traf.subarray(header.offset, header.offset + header.size);
    if (header.type === 'tfhd') {
      const fields = new Fields(box);
      trackId = fields.u32();
      const known = tracks.get(trackId);
      if (!known) return;
      defaults = readDefaults(fields, known);
    } else if (header.type === 'tfdt') {
      const fields = new Fields(box);
      dts = fields.version === 1 ? fields.u64() : fields.u32();
    } else if (header.type === 'trun') {
      if (!defaults || dts === undefined) throw new RangeError('a trun without tfhd and tfdt');
      dts = readRun(new Fields(box), { trackId, dts, defaults }, samples);
    }
  }
}

function readDefaults(fields: Fields, known: TrackDefaults): TrackDefaults {
  if (fields.flags & 0x1) throw new RangeError('an absolute data offset in a stream');
  fields.u32If(0x2);
  return {
    defaultDuration: fields.u32If(0x8) ?? known.defaultDuration,
    defaultSize: fields.u32If(0x10) ?? known.defaultSize,
    defaultFlags: fields.u32If(0x20) ?? known.defaultFlags,
  };
}

interface Run {
  trackId: number;
  dts: number;
  defaults: TrackDefaults;
}

/** Answers the decode time after the last sample. */
function readRun(fields: Fields, run: Run, samples: FragmentSample[]): number {
  const { flags, version } = fields;
  const count = fields.u32();
  if (count + samples.length > maxSamplesPerFragment) throw new RangeError(`a fragment of ${count} samples`);
  if (!(flags & 0x1)) throw new RangeError('a trun without data offset');
  let offset = fields.i32();
  const firstFlags = fields.u32If(0x4);
  let { dts } = run;
  for (let index = 0; index < count; index += 1) {
    const duration = fields.u32If(0x100) ?? run.defaults.defaultDuration;
    const size = fields.u32If(0x200) ?? run.defaults.defaultSize;
    const ownFlags = fields.u32If(0x400) ?? run.defaults.defaultFlags;
    const sampleFlags = index === 0 && firstFlags !== undefined ? firstFlags : ownFlags;
    const compositionOffset = flags & 0x800 ? (version === 0 ? fields.u32() : fields.i32()) : 0;
    samples.push({ trackId: run.trackId, dts, duration, compositionOffset, key: !(sampleFlags & notSyncFlag), offset, size });
    offset += size;
    dts += duration;
  }
  return dts;
}
