import { describe, expect, test } from 'vitest';
import { isStale, pictureAgeMs } from './picture-age.ts';

const nothing = { nowMs: 10_000, lastFrameAgeMs: null, toldAtMs: null, arrivedAtMs: null, behindMs: null };

describe('the age of the picture on the screen', () => {
  test('is unknown before anything came', () => {
    expect(pictureAgeMs(nothing)).toBeNull();
    expect(isStale(null)).toBe(false);
  });

  test('grows when the connection is silent', () => {
    expect(pictureAgeMs({ ...nothing, lastFrameAgeMs: 50, toldAtMs: 4_000 })).toBe(6_050);
  });

  test('counts what the player is behind', () => {
    expect(pictureAgeMs({ ...nothing, arrivedAtMs: 9_900, behindMs: 400 })).toBe(500);
  });

  test('believes the worse of device and player', () => {
    const frozenCamera = { ...nothing, lastFrameAgeMs: 12_000, toldAtMs: 10_000, arrivedAtMs: 9_990, behindMs: 300 };
    expect(pictureAgeMs(frozenCamera)).toBe(12_000);
    const stuckPlayer = { ...nothing, lastFrameAgeMs: 40, toldAtMs: 9_950, arrivedAtMs: 9_990, behindMs: 7_000 };
    expect(pictureAgeMs(stuckPlayer)).toBe(7_010);
    expect(isStale(pictureAgeMs(stuckPlayer))).toBe(true);
  });

  test('a camera that sends one frame a second is live', () => {
    expect(isStale(pictureAgeMs({ ...nothing, lastFrameAgeMs: 990, toldAtMs: 9_000, arrivedAtMs: 9_000, behindMs: 300 }))).toBe(false);
  });
});
