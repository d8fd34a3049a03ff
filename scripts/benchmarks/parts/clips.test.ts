import { describe, expect, test } from 'vitest';
import { judge } from './clips.ts';

const labels: [number, number][] = [
  [20, 30],
  [40, 50],
];
const event = (fromS: number, toS: number, toldS = fromS) => ({ fromS, toS, toldS });

describe('what events of a clip are worth', () => {
  test('an event within two seconds of a label finds it', () => {
    const verdict = judge('clip', 60, labels, [event(32, 33), event(52.1, 53)]);
    expect(verdict.found).toBe(1);
    expect(verdict.missed).toEqual([[40, 50]]);
    expect(verdict.falseEvents).toEqual([[52.1, 53]]);
  });

  test('one event finds all labels it lasts over, but tells of the first one only', () => {
    const verdict = judge('clip', 60, labels, [event(19.5, 55, 21)]);
    expect(verdict.found).toBe(2);
    expect(verdict.delaysS).toEqual([1]);
  });

  test('an event that begins again during a label that was told of already is not late', () => {
    const verdict = judge('clip', 60, labels, [event(19, 42, 20), event(48, 49)]);
    expect(verdict.delaysS).toEqual([0]);
  });

  test('what begins after the end of the clip is not judged', () => {
    expect(judge('clip', 60, [], [event(60.5, Number.POSITIVE_INFINITY)]).falseEvents).toEqual([]);
  });

  test('an event that never ended is cut at the end of the clip', () => {
    expect(judge('clip', 60, [], [event(58, Number.POSITIVE_INFINITY)]).falseEvents).toEqual([[58, 60]]);
  });
});
