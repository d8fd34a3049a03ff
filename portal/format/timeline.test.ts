import { describe, expect, test } from 'vitest';
import {
  type CoverageMark,
  clampView,
  coveredMs,
  instantAt,
  markAt,
  mergeMarks,
  nextCovered,
  panView,
  positionOf,
  revealInstant,
  seekByKey,
  snapToMark,
  stretchEnd,
  ticksOf,
  widthOf,
  zoomView,
} from './timeline.ts';

const hour = 3_600_000;
const day = { fromMs: 0, toMs: 24 * hour };
const mark = (startMs: number, endMs: number, trigger: CoverageMark['trigger'] = 'motion'): CoverageMark => ({
  recordingId: `${trigger}-${startMs}`,
  startMs,
  endMs,
  trigger,
});

describe('the view of a day', () => {
  test('an instant and its place are each other’s inverse', () => {
    const view = { fromMs: 3 * hour, toMs: 9 * hour };
    expect(positionOf(view, 6 * hour)).toBe(0.5);
    expect(instantAt(view, 0.5)).toBe(6 * hour);
  });

  test('zooming keeps the instant under the pointer in its place', () => {
    const view = zoomView(day, 0.5, 6 * hour, day);
    expect(widthOf(view)).toBe(12 * hour);
    expect(positionOf(view, 6 * hour)).toBeCloseTo(positionOf(day, 6 * hour));
  });

  test('never shows more than the day, nor less than a minute', () => {
    expect(zoomView(day, 2, 6 * hour, day)).toEqual(day);
    expect(widthOf(zoomView(day, 1e-9, 6 * hour, day))).toBe(60_000);
    expect(panView({ fromMs: hour, toMs: 2 * hour }, -5 * hour, day)).toEqual({ fromMs: 0, toMs: hour });
    expect(clampView({ fromMs: 23.5 * hour, toMs: 25.5 * hour }, day)).toEqual({ fromMs: 22 * hour, toMs: 24 * hour });
  });

  test('follows an instant only when it leaves the view', () => {
    const view = { fromMs: 2 * hour, toMs: 4 * hour };
    expect(revealInstant(view, 3 * hour, day)).toBe(view);
    const moved = revealInstant(view, 5 * hour, day);
    expect(moved.toMs).toBe(5.2 * hour);
    expect(widthOf(moved)).toBe(2 * hour);
  });

  test('labels at whole steps from midnight, no more than fit', () => {
    expect(ticksOf(day, day, 8)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24].map((at) => at * hour));
    expect(ticksOf({ fromMs: 90_000, toMs: 390_000 }, day, 6)).toEqual([120_000, 180_000, 240_000, 300_000, 360_000]);
  });

  test('keys seek within the day', () => {
    expect(seekByKey('ArrowRight', hour, day, day)).toBe(hour + 864_000);
    expect(seekByKey('ArrowLeft', 1000, { fromMs: 0, toMs: 60_000 }, day)).toBe(0);
    expect(seekByKey('PageUp', hour, { fromMs: 0, toMs: 60_000 }, day)).toBe(hour - 10_000);
    expect(seekByKey('End', 0, day, day)).toBe(24 * hour - 1000);
    expect(seekByKey('x', 0, day, day)).toBeNull();
  });
});

describe('what is recorded', () => {
  test('the most telling recording plays where several are', () => {
    const marks = [mark(0, 100, 'continuous'), mark(40, 60)];
    expect(markAt(marks, 50)?.trigger).toBe('motion');
    expect(markAt(marks, 80)?.trigger).toBe('continuous');
    expect(markAt(marks, 100)).toBeNull();
  });

  test('finds the next recording after a gap, and none after the last', () => {
    const marks = [mark(500, 600), mark(200, 300)];
    expect(nextCovered(marks, 250)).toBe(250);
    expect(nextCovered(marks, 300)).toBe(500);
    expect(nextCovered(marks, 700)).toBeNull();
  });

  test('a stretch goes on across touching recordings, up to its limit, and ends at a hole', () => {
    const marks = [mark(0, 10_000), mark(10_500, 20_000), mark(30_000, 40_000)];
    expect(stretchEnd(marks, 5000, 60_000)).toBe(20_000);
    expect(stretchEnd(marks, 5000, 3000)).toBe(8000);
    expect(stretchEnd(marks, 25_000, 60_000)).toBe(25_000);
  });

  test('draws nearby marks of one kind as one, kinds apart', () => {
    expect(mergeMarks([mark(0, 10), mark(12, 20), mark(5, 30, 'continuous')], 5)).toMatchObject([
      { startMs: 0, endMs: 20, trigger: 'motion' },
      { startMs: 5, endMs: 30, trigger: 'continuous' },
    ]);
  });

  test('counts what overlaps once', () => {
    expect(coveredMs([mark(0, 100, 'continuous'), mark(50, 120), mark(200, 300)], 10, 250)).toBe(160);
  });

  test('an address of whole seconds means the recording that begins within that second', () => {
    const marks = [mark(1456, 9000)];
    expect(snapToMark(marks, 1000)).toBe(1456);
    expect(snapToMark(marks, 2000)).toBe(2000);
    expect(snapToMark(marks, 100)).toBe(100);
  });
});
