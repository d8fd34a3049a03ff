/** ISO/IEC 14496-12 boxes, written and walked. */

const text = new TextEncoder();

export function u8(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function u16(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(index * 2, value);
  });
  return bytes;
}

export function u32(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value >>> 0);
  });
  return bytes;
}

export function u64(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setBigUint64(index * 8, BigInt(Math.round(value)));
  });
  return bytes;
}

export function ascii(value: string): Uint8Array {
  return text.encode(value);
}

/** A box of `type` around its parts, with its 32-bit size. */
export function box(type: string, ...parts: Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  return concat([u32(size), ascii(type), ...parts]);
}

/** A box that begins with a version byte and three bytes of flags. */
export function fullBox(type: string, version: number, flags: number, ...parts: Uint8Array[]): Uint8Array {
  return box(type, u32((version << 24) | flags), ...parts);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

export interface BoxHeader {
  type: string;
  /** Of the whole box, from the start of its header, within the bytes given. */
  offset: number;
  headerSize: number;
  size: number;
}

/**
 * Reads the header at `offset`, or answers null when the bytes end before it does.
 * A size smaller than the header (hostile or torn) throws RangeError; size 0 ("to the end") too: we never write it.
 */
export function readBoxHeader(bytes: Uint8Array, offset: number): BoxHeader | null {
  if (offset + 8 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
  const size32 = view.getUint32(offset);
  if (size32 !== 1) {
    if (size32 < 8) throw new RangeError(`box of ${size32} bytes at ${offset}`);
    return { type, offset, headerSize: 8, size: size32 };
  }
  if (offset + 16 > bytes.length) return null;
  const size = Number(view.getBigUint64(offset + 8));
  if (size < 16 || !Number.isSafeInteger(size)) throw new RangeError(`box of ${size} bytes at ${offset}`);
  return { type, offset, headerSize: 16, size };
}

/** The whole boxes in `bytes` from `start` to `end`, in order; a last one that is cut off is left out. */
export function* walkBoxes(bytes: Uint8Array, start = 0, end = bytes.length): Generator<BoxHeader> {
  let offset = start;
  while (offset < end) {
    const header = readBoxHeader(bytes, offset);
    if (!header || offset + header.size > end) return;
    yield header;
    offset += header.size;
  }
}
