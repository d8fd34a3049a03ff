import { expect, test } from 'vitest';
import { scoreOfShare, smallestShareOf, thresholdOf } from './sensitivity.ts';

test.each([
  [1, 0.3],
  [25, 0.095],
  [50, 0.035],
  [75, 0.017],
  [100, 0.012],
])('sensitivity %d notices a person of %d of the picture height', (sensitivity, share) => {
  expect(smallestShareOf(sensitivity)).toBeCloseTo(share, 3);
});

test('a higher sensitivity always has a lower threshold, within 0 and 1', () => {
  const thresholds = Array.from({ length: 100 }, (_, index) => thresholdOf(index + 1));
  expect(thresholds).toEqual(thresholds.toSorted((a, b) => b - a));
  expect(new Set(thresholds).size).toBe(100);
  expect(thresholds[0]).toBeLessThan(1);
  expect(thresholds[99]).toBeGreaterThan(0);
});

test('equal ratios of size are equal steps of the score', () => {
  expect(scoreOfShare(0.2) - scoreOfShare(0.1)).toBeCloseTo(scoreOfShare(0.1) - scoreOfShare(0.05), 9);
});
