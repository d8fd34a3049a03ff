import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyGrid, gridOf, isWholeHours, moveCell, setCells, spansOf } from './schedule.ts';

describe('a weekly schedule', () => {
  test('hours side by side become one span', () => {
    const grid = setCells(
      setCells(emptyGrid(false), { day: 0, hour: 8 }, { day: 1, hour: 17 }, true),
      { day: 0, hour: 12 },
      { day: 0, hour: 12 },
      false,
    );
    const spans = spansOf(grid);
    expect(spans[0]).toEqual([
      { fromMinute: 480, toMinute: 720 },
      { fromMinute: 780, toMinute: 1080 },
    ]);
    expect(spans[1]).toEqual([{ fromMinute: 480, toMinute: 1080 }]);
    expect(spans[2]).toEqual([]);
  });

  test('any grid comes back from its spans unchanged', () => {
    const grids = fc.array(fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(grids, (grid) => {
        expect(gridOf(spansOf(grid))).toEqual(grid);
      }),
    );
  });

  test('says when it has to round', () => {
    expect(isWholeHours([[{ fromMinute: 485, toMinute: 600 }]])).toBe(false);
    expect(gridOf([[{ fromMinute: 485, toMinute: 600 }]])[0]?.slice(7, 11)).toEqual([false, true, true, false]);
  });

  test('arrows stay within the week', () => {
    expect(moveCell({ day: 0, hour: 0 }, 'ArrowUp')).toEqual({ day: 0, hour: 0 });
    expect(moveCell({ day: 6, hour: 23 }, 'ArrowRight')).toEqual({ day: 6, hour: 23 });
    expect(moveCell({ day: 3, hour: 5 }, 'ArrowDown')).toEqual({ day: 4, hour: 5 });
    expect(moveCell({ day: 3, hour: 5 }, 'a')).toBeNull();
  });
});
