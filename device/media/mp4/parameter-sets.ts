import { readBoxHeader, walkBoxes } from './box.ts';

/** Bytes of a visual sample entry before its configuration box. */
const visualEntryBytes = 86;

/**
 * The parameter sets of a video sample entry, each behind its length as samples of that entry carry it, ready to stand in front of a key picture.
 * Empty for codecs that have none. Throws RangeError when the decoder configuration is malformed.
 */
export function parameterSets(sampleEntry: Uint8Array): Uint8Array {
  const type = [...walkBoxes(sampleEntry, visualEntryBytes)].find((child) => child.type === 'avcC' || child.type === 'hvcC');
  if (!type) {
    if (/^(avc|hvc|hev)/.test(entryType(sampleEntry))) throw new RangeError('a sample entry without decoder configuration');
    return new Uint8Array();
  }
  const configuration = new Cursor(sampleEntry.subarray(type.offset + type.headerSize, type.offset + type.size));
  return type.type === 'avcC' ? fromAvc(configuration) : fromHevc(configuration);
}

function entryType(sampleEntry: Uint8Array): string {
  return readBoxHeader(sampleEntry, 0)?.type ?? '';
}

/** ISO/IEC 14496-15, 5.3.3.1. */
function fromAvc(configuration: Cursor): Uint8Array {
  const lengthBytes = (configuration.byteAt(4) & 3) + 1;
  configuration.position = 5;
  const units: Uint8Array[] = [];
  for (const countMask of [0x1f, 0xff]) {
    const count = configuration.next(1) & countMask;
    for (let index = 0; index < count; index += 1) units.push(configuration.take(configuration.next(2)));
  }
  return prefixed(units, lengthBytes);
}

/** ISO/IEC 14496-15, 8.3.3.1. */
function fromHevc(configuration: Cursor): Uint8Array {
  const lengthBytes = (configuration.byteAt(21) & 3) + 1;
  configuration.position = 22;
  const units: Uint8Array[] = [];
  const arrays = configuration.next(1);
  for (let array = 0; array < arrays; array += 1) {
    configuration.next(1);
    const count = configuration.next(2);
    for (let index = 0; index < count; index += 1) units.push(configuration.take(configuration.next(2)));
  }
  return prefixed(units, lengthBytes);
}

function prefixed(units: readonly Uint8Array[], lengthBytes: number): Uint8Array {
  const bytes = units.flatMap((unit) => {
    const length = Array.from({ length: lengthBytes }, (_, index) => (unit.length >>> (8 * (lengthBytes - 1 - index))) & 0xff);
    return [...length, ...unit];
  });
  return Uint8Array.from(bytes);
}

/** Reads on from `position`; throws RangeError past the end. */
class Cursor {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byteAt(position: number): number {
    const byte = this.#bytes[position];
    if (byte === undefined) throw new RangeError('a decoder configuration that is cut off');
    return byte;
  }

  /** A big-endian number of so many bytes. */
  next(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 256 + this.byteAt(this.position + index);
    this.position += count;
    return value;
  }

  take(length: number): Uint8Array {
    if (this.position + length > this.#bytes.length) throw new RangeError('a decoder configuration that is cut off');
    const taken = this.#bytes.subarray(this.position, this.position + length);
    this.position += length;
    return taken;
  }
}
