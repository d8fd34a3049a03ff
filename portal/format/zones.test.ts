import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshZone, moveAll, movePoint, removePoint, splitEdge } from './zones.ts';

const triangle = [
  { x: 0.1, y: 0.1 },
  { x: 0.5, y: 0.1 },
  { x: 0.3, y: 0.4 },
];

describe('zones', () => {
  test('a point moved out of the picture stops at its edge', () => {
    expect(movePoint(triangle, 0, { x: -3, y: 0.2 })[0]).toEqual({ x: 0, y: 0.2 });
  });

  test('a shape keeps its form at the edge', () => {
    expect(moveAll(triangle, { x: 0.9, y: -0.5 })).toEqual([
      { x: 0.6, y: 0 },
      { x: 1, y: 0 },
      { x: 0.8, y: 0.3 },
    ]);
  });

  test('no move ever leaves the picture', () => {
    const step = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(step, step, (x, y) => {
        for (const point of moveAll(triangle, { x, y })) expect(point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1).toBe(true);
      }),
    );
  });

  test('a point is added in the middle of an edge, the last one included', () => {
    expect(splitEdge(triangle, 0)[1]).toEqual({ x: 0.3, y: 0.1 });
    expect(splitEdge(triangle, 2)[3]).toEqual({ x: 0.2, y: 0.25 });
  });

  test('a triangle keeps its three points', () => {
    expect(removePoint(triangle, 0)).toEqual(triangle);
    expect(removePoint(splitEdge(triangle, 0), 1)).toEqual(triangle);
  });

  test('zones added one after the other do not cover each other exactly', () => {
    expect(freshZone('a', 'include', 0).points).not.toEqual(freshZone('b', 'include', 1).points);
  });
});
