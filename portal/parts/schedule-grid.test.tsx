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
  const press = (key: string, shiftKey = false) => {
    const cell = document.querySelector('button[tabindex="0"]');
    if (cell) fireEvent.keyDown(cell, { key, shiftKey });
  };
  return { press, spans: () => spansOf(grid) };
};

afterEach(cleanup);

describe('the weekly grid by keyboard', () => {
  test('one cell is in the tab order; arrows move it, and the focus follows', () => {
    const { press } = show();
    expect(screen.getByRole('table', { name: 'Hours' })).toBeDefined();
    expect(document.querySelectorAll('button[tabindex="0"]')).toHaveLength(1);
    press('ArrowDown');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Tue 08:00 off');
  });

  test('space switches an hour', () => {
    const { press, spans } = show();
    press(' ');
    expect(spans()[0]).toEqual([{ fromMinute: 480, toMinute: 540 }]);
    press(' ');
    expect(spans()[0]).toEqual([]);
  });

  test('shift and an arrow carry the state of an hour along', () => {
    const { press, spans } = show();
    press(' ');
    press('ArrowRight', true);
    press('ArrowRight', true);
    expect(spans()[0]).toEqual([{ fromMinute: 480, toMinute: 660 }]);
  });
});
