import type { Part } from './model.ts';

/**
 * The list of a recording's parts as one compact value: a format byte, the count, then for each part four varints
 * (gap since the end of the last, duration with the key flag in the lowest bit, gap in bytes, length). About 7 bytes a part.
 */

const format = 1;
const maximumParts = 100_000;

/** Times, offsets and lengths must be whole numbers in file order; gaps may be negative in time only. */
export function encodeParts(parts: readonly Part[]): Uint8Array {
  const bytes: number[] = [format];
  writeVarint(bytes, parts.length);
  let endMs = 0;
  let endOffset = 0;
  for (const part of parts) {
    const gapMs = part.startMs - endMs;
    writeVarint(bytes, gapMs >= 0 ? gapMs * 2 : -gapMs * 2 - 1);
    writeVarint(bytes, part.durationMs * 2 + (part.key ? 1 : 0));
    writeVarint(bytes, part.offset - endOffset);
    writeVarint(bytes, part.length);
    endMs = part.startMs + part.durationMs;
    endOffset = part.offset + part.length;
  }
  return Uint8Array.from(bytes);
}

/** Throws RangeError when the bytes are not such a list, whole. */
export function decodeParts(bytes: Uint8Array): Part[] {
  if (bytes[0] !== format) throw new RangeError('an unknown form of part list');
  const cursor = { bytes, at: 1 };
  const count = readVarint(cursor);
  if (count > maximumParts) throw new RangeError('a part list beyond all reason');
  const parts: Part[] = [];
  let endMs = 0;
  let endOffset = 0;
  for (let index = 0; index < count; index += 1) {
    const gap = readVarint(cursor);
    const startMs = endMs + (gap % 2 === 0 ? gap / 2 : -(gap + 1) / 2);
    const durationAndKey = readVarint(cursor);
    const durationMs = Math.floor(durationAndKey / 2);
    const offset = endOffset + readVarint(cursor);
    const length = readVarint(cursor);
    parts.push({ startMs, durationMs, offset, length, key: durationAndKey % 2 === 1 });
    endMs = startMs + durationMs;
    endOffset = offset + length;
  }
  if (cursor.at !== bytes.length) throw new RangeError('bytes behind the part list');
  return parts;
}

function writeVarint(bytes: number[], value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} has no place in a part list`);
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

function readVarint(cursor: { bytes: Uint8Array; at: number }): number {
  let value = 0;
  for (let scale = 1; ; scale *= 0x80) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined || scale > 2 ** 49) throw new RangeError('a part list that is cut off');
    cursor.at += 1;
    value += (byte % 0x80) * scale;
    if (byte < 0x80) break;
  }
  if (!Number.isSafeInteger(value)) throw new RangeError('a number beyond all reason in a part list');
  return value;
}
