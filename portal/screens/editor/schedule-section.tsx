import { useMemo } from 'preact/hooks';
import { countSpans, emptyGrid, gridOf, isWholeHours, spansOf } from '../../format/schedule.ts';
import { weekdayNames } from '../../format/time.ts';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField } from '../../parts/field.tsx';
import { ScheduleGrid } from '../../parts/schedule-grid.tsx';
import type { RecordingSettings } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';

const text = words.editor;
type Schedule = RecordingSettings['schedule'];

interface ScheduleSectionProps {
  schedule: Schedule;
  /** What happens at these hours. */
  label: string;
  onChange: (schedule: Schedule) => void;
}

/** Always, or at the hours of a week. */
export const ScheduleSection = ({ schedule, label, onChange }: ScheduleSectionProps) => {
  const { limits } = usePortal();
  const dayNames = useMemo(() => ({ short: weekdayNames('short'), long: weekdayNames('long') }), []);
  const grid = schedule ? gridOf(schedule) : null;
  return (
    <div class="stack">
      <SelectField
        label={text.schedule}
        value={schedule ? 'weekly' : 'always'}
        options={[
          { value: 'always', label: text.scheduleAlways },
          { value: 'weekly', label: text.scheduleWeekly },
        ]}
        onChange={(value) => onChange(value === 'always' ? null : spansOf(emptyGrid(true)))}
      />
      {schedule && grid && (
        <div class="stack">
          {!isWholeHours(schedule) && <p class="field-hint">{text.scheduleRounded}</p>}
          <ScheduleGrid
            label={label}
            help={text.scheduleHelp}
            dayNames={dayNames}
            grid={grid}
            cellLabel={text.scheduleCell}
            onChange={(next) => countSpans(next) <= limits.scheduleSpansPerDay && onChange(spansOf(next))}
          />
          <div class="row">
            <Button small onClick={() => onChange(spansOf(emptyGrid(true)))}>
              {text.scheduleAll}
            </Button>
            <Button small onClick={() => onChange(spansOf(emptyGrid(false)))}>
              {text.scheduleNone}
            </Button>
            <span class="field-hint">{text.scheduleHelp}</span>
          </div>
          {countSpans(grid) >= limits.scheduleSpansPerDay && <p class="field-hint">{text.scheduleTooMany(limits.scheduleSpansPerDay)}</p>}
        </div>
      )}
    </div>
  );
};
