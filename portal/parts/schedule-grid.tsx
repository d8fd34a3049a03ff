import { useEffect, useRef, useState } from 'preact/hooks';
import { type Cell, type HourGrid, moveCell, setCells } from '../format/schedule.ts';

interface ScheduleGridProps {
  label: string;
  help: string;
  dayNames: { short: readonly string[]; long: readonly string[] };
  grid: HourGrid;
  cellLabel: (day: string, hour: string, on: boolean) => string;
  onChange: (grid: HourGrid) => void;
}

const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** Moving and painting: which cell has the focus, and what a key or the pointer does to the grid. */
const useBrush = ({ grid, onChange }: Pick<ScheduleGridProps, 'grid' | 'onChange'>) => {
  const [focused, setFocused] = useState<Cell>({ day: 0, hour: 8 });
  const table = useRef<HTMLTableElement>(null);
  const hasMoved = useRef(false);
  const brush = useRef<{ from: Cell; on: boolean; before: HourGrid } | null>(null);
  useEffect(() => {
    if (hasMoved.current) table.current?.querySelector<HTMLElement>(`[data-cell="${focused.day}-${focused.hour}"]`)?.focus();
  }, [focused]);
  useEffect(() => {
    const lift = () => {
      brush.current = null;
    };
    document.addEventListener('pointerup', lift);
    return () => document.removeEventListener('pointerup', lift);
  }, []);
  const isOn = ({ day, hour }: Cell) => grid[day]?.[hour] ?? false;
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moveCell(focused, event.key);
    if (to) {
      if (event.shiftKey) onChange(setCells(grid, focused, to, isOn(focused)));
      hasMoved.current = true;
      setFocused(to);
    } else if (event.key === ' ' || event.key === 'Enter') onChange(setCells(grid, focused, focused, !isOn(focused)));
    else return;
    event.preventDefault();
  };
  const begin = (event: PointerEvent, cell: Cell) => {
    if (event.button !== 0) return;
    // Touch captures the pointer on the first cell; painting needs to hear of the others.
    if (event.target instanceof Element && event.target.hasPointerCapture(event.pointerId))
      event.target.releasePointerCapture(event.pointerId);
    brush.current = { from: cell, on: !isOn(cell), before: grid };
    setFocused(cell);
    onChange(setCells(grid, cell, cell, !isOn(cell)));
  };
  const paint = (cell: Cell) => {
    if (brush.current) onChange(setCells(brush.current.before, brush.current.from, cell, brush.current.on));
  };
  return { focused, table, onKeyDown, begin, paint };
};

/** A week of hours. One cell is in the tab order; arrows move, space switches, shift and arrows paint. The pointer paints too. */
export const ScheduleGrid = ({ label, help, dayNames, grid, cellLabel, onChange }: ScheduleGridProps) => {
  const { focused, table, onKeyDown, begin, paint } = useBrush({ grid, onChange });
  return (
    <div class="schedule">
      <table ref={table} aria-label={label} aria-description={help}>
        <thead>
          <tr>
            <td />
            {[0, 6, 12, 18].map((hour) => (
              <th key={hour} scope="colgroup" colSpan={6}>
                {hourText(hour)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.map((hours, day) => (
            <tr key={dayNames.long[day]}>
              <th scope="row">{dayNames.short[day]}</th>
              {hours.map((on, hour) => (
                <td key={hourText(hour)}>
                  <button
                    type="button"
                    data-cell={`${day}-${hour}`}
                    aria-pressed={on}
                    aria-label={cellLabel(dayNames.long[day] ?? '', hourText(hour), on)}
                    tabIndex={focused.day === day && focused.hour === hour ? 0 : -1}
                    onKeyDown={onKeyDown}
                    onPointerDown={(event) => begin(event, { day, hour })}
                    onPointerEnter={() => paint({ day, hour })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
