/** Moves the times of a track fragment to another movie's timescale and zero. Rounds moments, not lengths: nothing drifts within a fragment. */
export class TimeMap {
  readonly #from: number;
  readonly #to: number;
  readonly #shiftTicks: number;
  #fileTicks = 0;

  constructor({ fromTimescale, toTimescale, shiftTicks }: { fromTimescale: number; toTimescale: number; shiftTicks: number }) {
    this.#from = fromTimescale;
    this.#to = toTimescale;
    this.#shiftTicks = shiftTicks;
  }

  get isSameScale(): boolean {
    return this.#from === this.#to;
  }

  /** The new decode time of a fragment that begins at `fileTicks` of its file. */
  begin(fileTicks: number): number {
    this.#fileTicks = fileTicks;
    return Math.max(0, this.scaled(fileTicks) + this.#shiftTicks);
  }

  nextDuration(fileTicks: number): number {
    const start = this.scaled(this.#fileTicks);
    this.#fileTicks += fileTicks;
    return this.scaled(this.#fileTicks) - start;
  }

  scaled(fileTicks: number): number {
    return this.isSameScale ? fileTicks : Math.round((fileTicks * this.#to) / this.#from);
  }
}

/** `tfdt`: the whole box, with a 64-bit time; changed in place. */
export function patchStart(tfdt: Uint8Array, times: TimeMap): void {
  if (tfdt.length !== 20 || tfdt[8] !== 1) throw new RangeError('a tfdt without a 64-bit time');
  const view = new DataView(tfdt.buffer);
  view.setBigUint64(12, BigInt(times.begin(Number(view.getBigUint64(12)))));
}

export interface RunPatch {
  /** Where the payload of `mdat` begins in the file, counted from the `moof`. */
  payloadOffset: number;
  growthBytes: number;
  /** Bytes put in front of the run's first sample, which then must begin the payload. */
  firstSampleGrowthBytes: number;
  /** Bytes put in front of samples before this run. */
  precedingGrowthBytes: number;
}

const flag = { dataOffset: 0x001, firstFlags: 0x004, duration: 0x100, size: 0x200, sampleFlags: 0x400, composition: 0x800 } as const;

/** `run`: a whole `trun` as fragment.ts writes it; changed in place. */
export function patchRun(run: Uint8Array, times: TimeMap, patch: RunPatch): void {
  const view = new DataView(run.buffer);
  const flags = view.getUint32(8);
  const durationAndSize = flag.duration | flag.size;
  if (!(flags & flag.dataOffset) || (flags & durationAndSize) !== durationAndSize)
    throw new RangeError('a trun that this device does not write');
  const strideBytes = 4 * [flag.duration, flag.size, flag.sampleFlags, flag.composition].filter((bit) => flags & bit).length;
  const start = flags & flag.firstFlags ? 24 : 20;
  const count = view.getUint32(12);
  if (count === 0 || start + count * strideBytes > run.length) throw new RangeError('a trun that ends before its samples');
  const dataOffset = view.getInt32(16);
  if (patch.firstSampleGrowthBytes > 0) {
    if (dataOffset !== patch.payloadOffset) throw new RangeError('a part that does not begin with a picture');
    view.setUint32(start + 4, view.getUint32(start + 4) + patch.firstSampleGrowthBytes);
  }
  view.setInt32(16, dataOffset + patch.growthBytes + patch.precedingGrowthBytes);
  if (times.isSameScale) return;
  for (let entry = start; entry < start + count * strideBytes; entry += strideBytes) {
    view.setUint32(entry, times.nextDuration(view.getUint32(entry)));
    const composition = entry + strideBytes - 4;
    if (flags & flag.composition) view.setInt32(composition, times.scaled(view.getInt32(composition)));
  }
}
