import { expect, test } from 'vitest';
import { fakeCamera } from '#device/testing/fake-things.ts';
import { owesFragments } from './work-view.ts';

const { status } = fakeCamera('front');
const always = () => true;

test('a camera that records owes fragments, whatever its settings say by now', () => {
  expect(owesFragments({ mode: 'off' }, { ...status, recordingNow: true }, () => false)).toBe(true);
});

test('one that should record owes them: always, or while something moves', () => {
  const moving = { ...status, motionNow: true };
  expect((['off', 'events', 'continuous', 'both'] as const).map((mode) => owesFragments({ mode }, status, always))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect((['off', 'events', 'continuous', 'both'] as const).map((mode) => owesFragments({ mode }, moving, always))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('outside of its schedule it owes nothing', () => {
  expect(owesFragments({ mode: 'both' }, { ...status, motionNow: true }, () => false)).toBe(false);
});

test('nor does one that never sends key pictures, or nothing at all', () => {
  const stream = status.stream && { ...status.stream, keyIntervalMs: null };
  expect(owesFragments({ mode: 'continuous' }, { ...status, stream }, always)).toBe(false);
  expect(owesFragments({ mode: 'continuous' }, { ...status, stream: null }, always)).toBe(false);
});
