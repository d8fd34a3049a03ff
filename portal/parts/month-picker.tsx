import { ChevronLeft, ChevronRight } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { addDays, addMonths, monthGrid, monthLabel, weekdayNames } from '../format/time.ts';
import { IconButton } from './button.tsx';

interface MonthPickerProps {
  day: string;
  today: string;
  marked: ReadonlySet<string>;
  labels: { previous: string; next: string; marked: string };
  dayLabel: (day: string) => string;
  onPick: (day: string) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

interface DayButtonProps extends Pick<MonthPickerProps, 'day' | 'today' | 'onPick'> {
  cell: string;
  isMarked: boolean;
  isFocused: boolean;
  label: string;
}

const DayButton = ({ cell, day, today, isMarked, isFocused, label, onPick }: DayButtonProps) => (
  <button
    type="button"
    data-day={cell}
    data-marked={isMarked || undefined}
    aria-current={cell === today ? 'date' : undefined}
    aria-pressed={cell === day}
    aria-label={label}
    tabIndex={isFocused ? 0 : -1}
    disabled={cell > today}
    onClick={() => onPick(cell)}
  >
    {Number(cell.slice(8))}
  </button>
);

/** The day that the keyboard is on; the focus follows it when a key moved it. */
const useFocusedDay = (day: string, today: string) => {
  const [focused, setFocused] = useState(day);
  const grid = useRef<HTMLTableElement>(null);
  const hasMoved = useRef(false);
  useEffect(() => {
    if (hasMoved.current) grid.current?.querySelector<HTMLElement>(`[data-day="${focused}"]`)?.focus();
  }, [focused]);
  const move = (to: string) => {
    hasMoved.current = true;
    setFocused(to > today ? today : to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(addDays(focused, step));
  };
  const turn = (months: number) => {
    hasMoved.current = false;
    const to = addMonths(focused, months);
    setFocused(to > today ? today : to);
  };
  return { focused, grid, onKeyDown, turn };
};

/** A month of days as a grid: arrows move, Enter picks. Days after today cannot be picked. */
export const MonthPicker = ({ day, today, marked, labels, dayLabel, onPick }: MonthPickerProps) => {
  const { focused, grid, onKeyDown, turn } = useFocusedDay(day, today);
  return (
    <div class="month">
      <div class="row row-between">
        <IconButton icon={ChevronLeft} label={labels.previous} small onClick={() => turn(-1)} />
        <strong aria-live="polite">{monthLabel(focused)}</strong>
        <IconButton
          icon={ChevronRight}
          label={labels.next}
          small
          disabled={focused.slice(0, 7) >= today.slice(0, 7)}
          onClick={() => turn(1)}
        />
      </div>
      <table ref={grid} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weekdayNames('short').map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {monthGrid(focused).map((week) => (
            <tr key={week.find((cell) => cell !== null)}>
              {week.map((cell, index) => (
                <td key={cell ?? `none-${index}`}>
                  {cell && (
                    <DayButton
                      cell={cell}
                      day={day}
                      today={today}
                      isMarked={marked.has(cell)}
                      isFocused={cell === focused}
                      label={`${dayLabel(cell)}${marked.has(cell) ? `, ${labels.marked}` : ''}`}
                      onPick={onPick}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
