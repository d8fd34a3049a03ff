import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

test('pauses double until the cap and begin anew after a reset', () => {
  const backoff = new Backoff({ firstMs: 100, maxMs: 500, jitter: 0, random: () => 0.9 });
  expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([100, 200, 400, 500, 500]);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

test('chance shortens a pause by at most the jittered part', () => {
  const shortest = new Backoff({ firstMs: 100, maxMs: 500, jitter: 0.4, random: () => 0.9999 });
  const longest = new Backoff({ firstMs: 100, maxMs: 500, jitter: 0.4, random: () => 0 });
  expect(shortest.next()).toBeCloseTo(60, 0);
  expect(longest.next()).toBe(100);
});
