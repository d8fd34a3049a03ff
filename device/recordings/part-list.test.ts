import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Part } from './model.ts';
import { decodeParts, encodeParts } from './part-list.ts';

const steps = fc.array(
  fc.record({
    gapMs: fc.integer({ min: -5, max: 100_000 }),
    durationMs: fc.nat(60_000),
    gap: fc.nat(1_000),
    length: fc.nat(2 ** 31),
    key: fc.boolean(),
  }),
  { maxLength: 50 },
);

function partsOf(list: { gapMs: number; durationMs: number; gap: number; length: number; key: boolean }[]): Part[] {
  let endMs = 0;
  let end = 0;
  return list.map(({ gapMs, durationMs, gap, length, key }) => {
    const part = { startMs: endMs + gapMs, durationMs, offset: end + gap, length, key };
    endMs = part.startMs + durationMs;
    end = part.offset + length;
    return part;
  });
}

describe('a list of parts', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(steps, (list) => {
        expect(decodeParts(encodeParts(partsOf(list)))).toEqual(partsOf(list));
      }),
    );
  });

  test('takes about seven bytes a second of video', () => {
    const hour = partsOf(
      Array.from({ length: 3_600 }, (_, second) => ({ gapMs: 0, durationMs: 1_000, gap: 0, length: 320_000, key: second % 2 === 0 })),
    );
    expect(encodeParts(hour).length / 3_600).toBeLessThan(7.1);
  });

  test('that is cut off, or followed by something, or anything else, is refused', () => {
    const bytes = encodeParts(partsOf([{ gapMs: 0, durationMs: 1_000, gap: 900, length: 320_000, key: true }]));
    for (let length = 0; length < bytes.length; length += 1) expect(() => decodeParts(bytes.subarray(0, length))).toThrow(RangeError);
    expect(() => decodeParts(Uint8Array.of(...bytes, 0))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
        try {
          decodeParts(garbage);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
