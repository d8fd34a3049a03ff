import { concat, u32 } from '#device/media/mp4/box.ts';

/** A picture larger than this is no picture: 4608×2592 without any compression is 18 MB. */
const maxUnitBytes = 24 * 1024 * 1024;

/** One picture of an H.264 elementary stream. */
export interface AccessUnit {
  key: boolean;
  /** Length-prefixed NAL units, four bytes of length each; parameter sets stay in front of key pictures. */
  data: Uint8Array;
  /** Those it carries. */
  sps: Uint8Array | null;
  pps: Uint8Array | null;
}

const nalType = { slice: 1, keySlice: 5, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const;

/**
 * Cuts H.264 Annex B into pictures. One is handed over as soon as the head of the next one is there, since nothing else tells its end.
 * Throws RangeError when no start code comes for longer than any picture is.
 */
export class AnnexBReader {
  readonly #deliver: (unit: AccessUnit) => void;
  /** From the last start code on, and before the first one whatever came. */
  #bytes: Uint8Array = new Uint8Array();
  /** Where the search for the next start code goes on. */
  #searched = 0;
  #unitState: 'none' | 'headless' | 'begun' = 'none';
  #units: Uint8Array[] = [];
  #hasPicture = false;

  constructor(deliver: (unit: AccessUnit) => void) {
    this.#deliver = deliver;
  }

  push(chunk: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : concat([this.#bytes, chunk]);
    for (;;) {
      this.#readHead();
      const at = startCode(this.#bytes, this.#searched);
      if (at < 0) break;
      if (this.#unitState !== 'none') this.#endUnit(withoutTrailingZeros(this.#bytes.subarray(0, at)));
      this.#unitState = 'headless';
      this.#bytes = this.#bytes.subarray(at + 3);
      this.#searched = 0;
    }
    this.#searched = Math.max(0, this.#bytes.length - 2);
    if (this.#bytes.length > maxUnitBytes) throw new RangeError('no picture ends');
  }

  #readHead(): void {
    const [head, next] = this.#bytes;
    if (this.#unitState !== 'headless' || head === undefined || next === undefined) return;
    this.#unitState = 'begun';
    const type = head & 0x1f;
    const isSlice = type === nalType.slice || type === nalType.keySlice;
    // The first macroblock of a picture is number 0, which Exp-Golomb writes as a single 1.
    const beginsPicture = isSlice && (next & 0x80) !== 0;
    const standsBefore = type === nalType.delimiter || type === nalType.sps || type === nalType.pps || type === nalType.sei;
    if (this.#hasPicture && (beginsPicture || standsBefore)) this.#flush();
    this.#hasPicture ||= isSlice;
  }

  #endUnit(unit: Uint8Array): void {
    // A delimiter says nothing that is not said by lengths.
    const isDelimiter = ((unit[0] ?? 0) & 0x1f) === nalType.delimiter;
    if (unit.length > 0 && !isDelimiter) this.#units.push(new Uint8Array(unit));
  }

  #flush(): void {
    const units = this.#units.splice(0);
    this.#hasPicture = false;
    const ofType = (type: number) => units.find((unit) => ((unit[0] ?? 0) & 0x1f) === type) ?? null;
    this.#deliver({
      key: ofType(nalType.keySlice) !== null,
      data: concat(units.flatMap((unit) => [u32(unit.length), unit])),
      sps: ofType(nalType.sps),
      pps: ofType(nalType.pps),
    });
  }
}

/** Where 00 00 01 begins, from `from` on; -1 when it does not. */
function startCode(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at += 1) {
    at = bytes.indexOf(1, at + 2) - 2;
    if (at < from) return -1;
    if (bytes[at] === 0 && bytes[at + 1] === 0) return at;
  }
}

/** The zero before a start code of four bytes, and filling. */
function withoutTrailingZeros(unit: Uint8Array): Uint8Array {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}
