// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { useState } from 'preact/hooks';
import { afterEach, describe, expect, test } from 'vitest';
import { emptyGrid, spansOf } from '../format/schedule.ts';
import { ScheduleGrid } from './schedule-grid.tsx';

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const show = () => {
  let grid = emptyGrid(false);
  const Editor = () => {
    const [now, setNow] = useState(grid);
    grid = now;
    return (
      <ScheduleGrid
        label="Hours"
        help="Arrows move"
        dayNames={{ short: names, long: names }}
        grid={now}
        cellLabel={(day, hour, on) => `${day} ${hour} ${on ? 'on' : 'off'}`}
        onChange={setNow}
      />
    );
  };
  render(<Editor />);
  return { grid: screen.getByRole('grid', { name: 'Hours' }), spans: () => spansOf(grid) };
};

afterEach(cleanup);

describe('the weekly grid by keyboard', () => {
  test('one cell is in the tab order; arrows move it, and the focus follows', () => {
    const { grid } = show();
    expect(document.querySelectorAll('[role="gridcell"][tabindex="0"]')).toHaveLength(1);
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Tue 08:00 off');
  });

  test('space switches an hour', () => {
    const { grid, spans } = show();
    fireEvent.keyDown(grid, { key: ' ' });
    expect(spans()[0]).toEqual([{ fromMinute: 480, toMinute: 540 }]);
    fireEvent.keyDown(grid, { key: ' ' });
    expect(spans()[0]).toEqual([]);
  });

  test('shift and an arrow carry the state of an hour along', () => {
    const { grid, spans } = show();
    fireEvent.keyDown(grid, { key: ' ' });
    fireEvent.keyDown(grid, { key: 'ArrowRight', shiftKey: true });
    fireEvent.keyDown(grid, { key: 'ArrowRight', shiftKey: true });
    expect(spans()[0]).toEqual([{ fromMinute: 480, toMinute: 660 }]);
  });
});
