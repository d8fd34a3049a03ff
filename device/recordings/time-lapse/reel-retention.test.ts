import { describe, expect, test } from 'vitest';
import { planReels } from './reel-retention.ts';

const gigabyte = 1_000_000_000;
const today = '2026-06-30';
const reel = (cameraId: string, day: string, gigabytes = 1) => ({ cameraId, day, sizeBytes: gigabytes * gigabyte });
const daysAgo = (days: number) => new Date(Date.UTC(2026, 5, 30) - days * 86_400_000).toISOString().slice(0, 10);
const limits = (maxAgeDays: number | null, gigabytes: number | null) => ({
  cameras: new Map([['front', { maxAgeDays, maxBytes: gigabytes === null ? null : gigabytes * gigabyte }]]),
  maxAgeDays: 2,
  maxBytes: 10 * gigabyte,
});
const names = (removals: readonly { cameraId: string; day: string }[]) => removals.map(({ cameraId, day }) => `${cameraId} ${day}`);

describe('which reels go', () => {
  const kept = [reel('front', '2026-06-30'), reel('front', '2026-06-27'), reel('front', '2026-06-20')];

  test('none while no limit is reached', () => {
    expect(planReels(kept, limits(null, null), today, daysAgo).removals).toEqual([]);
  });

  test('those that are older than the camera keeps them, once somebody knows what day it is', () => {
    expect(names(planReels(kept, limits(7, null), today, daysAgo).removals)).toEqual(['front 2026-06-20']);
    expect(planReels(kept, limits(7, null), today, () => null).removals).toEqual([]);
  });

  test('those of a camera that is no more, by the age of the device', () => {
    const gone = [reel('gone', '2026-06-20'), reel('gone', '2026-06-29')];
    expect(names(planReels(gone, limits(null, null), today, daysAgo).removals)).toEqual(['gone 2026-06-20']);
  });

  test('the oldest of a camera that has more than it may', () => {
    expect(names(planReels(kept, limits(null, 2), today, daysAgo).removals)).toEqual(['front 2026-06-20']);
  });

  test('the oldest of all when together they have more than their share of the volume', () => {
    const all = [...kept, reel('front', '2026-06-29', 8), reel('hall', today)];
    expect(names(planReels(all, limits(null, null), today, daysAgo).removals)).toEqual(['front 2026-06-20', 'front 2026-06-27']);
  });

  test('never the one of today: its camera rests instead', () => {
    const plan = planReels([reel('front', today, 4), reel('hall', today)], limits(null, 3), today, daysAgo);
    expect(plan.removals).toEqual([]);
    expect([...plan.full]).toEqual(['front']);
  });
});
