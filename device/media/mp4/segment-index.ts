import { box, concat, fullBox, u16, u32, u64 } from './box.ts';
import { videoTrackId } from './init-segment.ts';
import type { ScannedPart } from './scan.ts';

const headBytes = 40;
const referenceBytes = 12;
const maximumReferences = 65_535;

/** Room for an index of `references` stretches, rounded so that a `free` box fits behind it. */
export function reservedBytesFor(references: number): number {
  return Math.ceil((headBytes + 8 + referenceBytes * Math.min(references, maximumReferences)) / 8) * 8;
}

/** What takes the place of a reserved box: its first 8 bytes turn it from `free` into the index and are to be written last, alone. */
export interface FilledReserve {
  header: Uint8Array;
  body: Uint8Array;
}

/**
 * The `sidx` of a file whose parts follow the reserved box at `reserved` without a gap, as the new content of that box. Playback can start at
 * each stretch; neighbours are joined when there are more than the reserve holds. null when the reserve holds none or there are no parts.
 * `timescale` has to be that of the video track: some players take the index's times for the track's.
 */
export function fillReserve(
  reserved: { offset: number; length: number },
  parts: readonly ScannedPart[],
  timescale: number,
): FilledReserve | null {
  const capacity = Math.min(maximumReferences, Math.floor((reserved.length - headBytes - 8) / referenceBytes));
  const first = parts[0];
  if (capacity < 1 || !first) return null;
  const stretches = joinToFit(stretchesOf(parts), capacity);
  const indexBytes = headBytes + referenceBytes * stretches.length;
  const ticks = (ms: number): number => Math.round((ms * timescale) / 1000);
  const references = stretches.map((stretch) =>
    u32(stretch.sizeBytes, ticks(stretch.startMs + stretch.durationMs) - ticks(stretch.startMs), stretch.key ? 0x90000000 : 0),
  );
  const firstOffset = first.offset - reserved.offset - indexBytes;
  const index = fullBox(
    'sidx',
    1,
    0,
    u32(videoTrackId, timescale),
    u64(ticks(first.startMs), firstOffset),
    u16(0, stretches.length),
    ...references,
  );
  const whole = concat([index, box('free', new Uint8Array(reserved.length - indexBytes - 8))]);
  return { header: whole.subarray(0, 8), body: whole.subarray(8) };
}

interface Stretch {
  startMs: number;
  sizeBytes: number;
  durationMs: number;
  key: boolean;
}

function stretchesOf(parts: readonly ScannedPart[]): Stretch[] {
  const stretches: Stretch[] = [];
  parts.forEach((part, index) => {
    // A stretch lasts until the next one begins, so that a pause in the stream shifts nothing behind it.
    const next = parts[index + 1];
    const durationMs = next ? Math.max(0, next.startMs - part.startMs) : part.durationMs;
    const last = stretches.at(-1);
    if (last && !part.key) {
      last.sizeBytes += part.length;
      last.durationMs += durationMs;
    } else {
      stretches.push({ startMs: part.startMs, sizeBytes: part.length, durationMs, key: part.key });
    }
  });
  return stretches;
}

function joinToFit(stretches: Stretch[], capacity: number): Stretch[] {
  const together = Math.ceil(stretches.length / capacity);
  if (together <= 1) return stretches;
  const joined: Stretch[] = [];
  stretches.forEach((stretch, index) => {
    const last = joined.at(-1);
    if (last && index % together !== 0) {
      last.sizeBytes += stretch.sizeBytes;
      last.durationMs += stretch.durationMs;
    } else {
      joined.push({ ...stretch });
    }
  });
  return joined;
}
