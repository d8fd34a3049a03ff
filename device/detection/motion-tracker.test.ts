import { describe, expect, test } from 'vitest';
import type { MotionObservation, MotionTransition } from './detection.ts';
import { EventTracker } from './motion-tracker.ts';

const threshold = 0.4;

/** A thing at `x`, seen with `score`. */
function seen(seconds: number, score: number, x = 0.5, zones: string[] = []): MotionObservation {
  const boxes = score >= threshold ? [{ x, y: 0.5, width: 0.05, height: 0.1, score }] : [];
  return { bootMs: seconds * 1000, score, threshold, boxes, zones, globalChange: false };
}

function observeAll(tracker: EventTracker, observations: readonly MotionObservation[]): MotionTransition[] {
  return observations.flatMap((observation) => tracker.observe(observation));
}

/** `score` from `fromS` until before `toS`, `perSecond` times a second. */
function lasting(fromS: number, toS: number, perSecond: number, score: number): MotionObservation[] {
  return Array.from({ length: (toS - fromS) * perSecond }, (_, index) => seen(fromS + index / perSecond, score));
}

describe('when an event starts', () => {
  test('with seldom pictures two weak signs of one thing make an event, from the first of them', () => {
    const told = observeAll(new EventTracker(), [seen(0, 0), seen(2, 0), seen(4, 0.5), seen(6, 0.5, 0.55)]);
    expect(told).toMatchObject([{ phase: 'started', startBootMs: 4000, score: 0.5 }]);
  });

  test('with seldom pictures one strong sign is enough', () => {
    const told = observeAll(new EventTracker(), [seen(0, 0), seen(2, 0), seen(4, 0.9)]);
    expect(told).toMatchObject([{ phase: 'started', startBootMs: 4000 }]);
  });

  test('one weak sign is none', () => {
    expect(observeAll(new EventTracker(), [seen(0, 0), seen(2, 0.5), seen(4, 0), seen(20, 0.5)])).toEqual([]);
  });

  test('weak signs at far apart places are not one thing', () => {
    expect(observeAll(new EventTracker(), [seen(0, 0), seen(2, 0.5, 0.1), seen(4, 0.5, 0.9), seen(6, 0.5, 0.5)])).toEqual([]);
  });

  test('at five pictures a second half a second of movement is needed, however strong', () => {
    const quick = [...lasting(0, 4, 5, 0), ...lasting(4, 5, 5, 0.9).slice(0, 2), ...lasting(5, 8, 5, 0)];
    expect(observeAll(new EventTracker(), quick)).toEqual([]);
    const told = observeAll(new EventTracker(), [...lasting(0, 4, 5, 0), ...lasting(4, 5, 5, 0.9)]);
    expect(told).toMatchObject([{ phase: 'started', startBootMs: 4000 }]);
  });

  test('the beginning is told back to where something first stirred, below the threshold', () => {
    const told = observeAll(new EventTracker(), [seen(0, 0), seen(2, 0.3), seen(4, 0.5), seen(6, 0.5)]);
    expect(told).toMatchObject([{ startBootMs: 2000 }]);
  });

  test('a global change wipes the evidence', () => {
    const light: MotionObservation = { ...seen(5, 0), globalChange: true };
    expect(observeAll(new EventTracker(), [seen(2, 0), seen(4, 0.5), light, seen(6, 0.5)])).toEqual([]);
  });
});

describe('while it lasts', () => {
  test('updates come at most once a second', () => {
    const told = observeAll(new EventTracker(), [...lasting(0, 4, 5, 0), ...lasting(4, 14, 5, 0.8)]);
    const updates = told.filter(({ phase }) => phase === 'updated');
    expect(updates.length).toBeGreaterThanOrEqual(8);
    expect(updates.length).toBeLessThanOrEqual(10);
  });

  test('the best moment is that of the highest score, and zones add up', () => {
    const tracker = new EventTracker();
    const signs = [seen(0, 0), seen(2, 0.5, 0.5, ['gate']), seen(4, 0.5), seen(6, 0.9, 0.6, ['door']), seen(8, 0.6)];
    observeAll(tracker, signs);
    const [ended] = tracker.stop(9000);
    expect(ended).toMatchObject({ phase: 'ended', score: 0.9, bestBootMs: 6000, zones: ['gate', 'door'] });
    expect(ended?.boxes[0]?.x).toBe(0.6);
  });

  test('weaker signs than it took to start keep it on', () => {
    const tracker = new EventTracker();
    const told = observeAll(tracker, [seen(0, 0), seen(2, 0.5), seen(4, 0.5), ...lasting(6, 30, 0.5, 0.3)]);
    expect(told.some(({ phase }) => phase === 'ended')).toBe(false);
  });

  test('what lasts longer than five minutes is told as events that follow each other', () => {
    const told = observeAll(new EventTracker(), lasting(0, 700, 0.5, 0.8));
    expect(told.filter(({ phase }) => phase === 'started')).toHaveLength(3);
    expect(told.filter(({ phase }) => phase === 'ended')).toHaveLength(2);
  });
});

describe('when it ends', () => {
  test('after quiet, at its last sign', () => {
    const told = observeAll(new EventTracker(), [seen(0, 0), seen(2, 0.9), seen(4, 0.9), ...lasting(6, 16, 0.5, 0)]);
    expect(told.at(-1)).toMatchObject({ phase: 'ended', startBootMs: 2000, endBootMs: 4000 });
  });

  test('a pause shorter than the quiet time does not split it', () => {
    const told = observeAll(new EventTracker(), [seen(0, 0), seen(2, 0.9), seen(4, 0), seen(6, 0), seen(8, 0.9), seen(10, 0.9)]);
    expect(told.filter(({ phase }) => phase === 'started')).toHaveLength(1);
  });

  test('without pictures, by time alone, once', () => {
    const tracker = new EventTracker();
    observeAll(tracker, [seen(0, 0), seen(2, 0.9)]);
    expect(tracker.tick(5000)).toEqual([]);
    expect(tracker.tick(60_000)).toMatchObject([{ phase: 'ended', endBootMs: 2000 }]);
    expect(tracker.tick(61_000)).toEqual([]);
  });

  test('with the stream', () => {
    const tracker = new EventTracker();
    observeAll(tracker, [seen(0, 0), seen(2, 0.9)]);
    expect(tracker.stop(3000)).toMatchObject([{ phase: 'ended', endBootMs: 2000 }]);
    expect(tracker.stop(4000)).toEqual([]);
  });
});
