/** The raw bytes of a NAL unit's payload: each 00 00 03 becomes 00 00. */
export function withoutEmulationPrevention(nal: Uint8Array): Uint8Array {
  const raw = new Uint8Array(nal.length);
  let size = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    raw[size] = byte;
    size += 1;
  }
  return raw.subarray(0, size);
}

/** Reads a parameter set bit by bit. Throws RangeError past its end: what a camera sends may be torn. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#position >> 3];
    if (byte === undefined) throw new RangeError('a parameter set that is cut off');
    const value = (byte >> (7 - (this.#position & 7))) & 1;
    this.#position += 1;
    return value;
  }

  /** Up to 32 bits. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    this.#position += count;
    if (this.#position > this.#bytes.length * 8) throw new RangeError('a parameter set that is cut off');
  }

  /** ue(v) of ITU-T H.264, 9.1. */
  unsigned(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros += 1;
      if (zeros > 31) throw new RangeError('a number without end in a parameter set');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v). */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
