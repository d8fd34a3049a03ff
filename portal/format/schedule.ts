/** A week as a grid of hours: seven days (Monday first) of 24 cells. The wire form is spans in minutes of the local day. */

export interface Span {
  fromMinute: number;
  toMinute: number;
}
export type Week = readonly (readonly Span[])[];
export type HourGrid = readonly (readonly boolean[])[];

const hours = Array.from({ length: 24 }, (_, hour) => hour);

export const emptyGrid = (on: boolean): HourGrid => Array.from({ length: 7 }, () => hours.map(() => on));

/** An hour is on when more than half of it is. */
export const gridOf = (week: Week): HourGrid =>
  Array.from({ length: 7 }, (_, day) =>
    hours.map((hour) => {
      const covered = (week[day] ?? []).reduce(
        (sum, span) => sum + Math.max(0, Math.min(span.toMinute, hour * 60 + 60) - Math.max(span.fromMinute, hour * 60)),
        0,
      );
      return covered > 30;
    }),
  );

/** Whether the grid can show the week without rounding. */
export const isWholeHours = (week: Week): boolean =>
  week.every((day) => day.every((span) => span.fromMinute % 60 === 0 && span.toMinute % 60 === 0));

export const spansOf = (grid: HourGrid): Span[][] =>
  grid.map((day) => {
    const spans: Span[] = [];
    day.forEach((on, hour) => {
      if (!on) return;
      const last = spans.at(-1);
      if (last?.toMinute === hour * 60) last.toMinute += 60;
      else spans.push({ fromMinute: hour * 60, toMinute: hour * 60 + 60 });
    });
    return spans;
  });

export interface Cell {
  day: number;
  hour: number;
}

/** Sets a rectangle of cells, whichever corner it is drawn from. */
export const setCells = (grid: HourGrid, from: Cell, to: Cell, on: boolean): HourGrid =>
  grid.map((cells, day) =>
    cells.map((was, hour) => {
      const inside =
        day >= Math.min(from.day, to.day) &&
        day <= Math.max(from.day, to.day) &&
        hour >= Math.min(from.hour, to.hour) &&
        hour <= Math.max(from.hour, to.hour);
      return inside ? on : was;
    }),
  );

export const countSpans = (grid: HourGrid): number => Math.max(...spansOf(grid).map((spans) => spans.length));

/** Where an arrow key moves in the grid; null when the key is not one. */
export const moveCell = (cell: Cell, key: string): Cell | null => {
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  switch (key) {
    case 'ArrowLeft':
      return { ...cell, hour: clamp(cell.hour - 1, 23) };
    case 'ArrowRight':
      return { ...cell, hour: clamp(cell.hour + 1, 23) };
    case 'ArrowUp':
      return { ...cell, day: clamp(cell.day - 1, 6) };
    case 'ArrowDown':
      return { ...cell, day: clamp(cell.day + 1, 6) };
    case 'Home':
      return { ...cell, hour: 0 };
    case 'End':
      return { ...cell, hour: 23 };
    default:
      return null;
  }
};
