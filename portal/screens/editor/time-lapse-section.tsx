import { Images } from 'lucide';
import { words } from '../../format/words.ts';
import { LinkButton } from '../../parts/button.tsx';
import { SelectField, Switch } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Camera } from '../../store/model.ts';
import { NumberInput } from './number-input.tsx';
import { ScheduleSection } from './schedule-section.tsx';
import type { Editing } from './use-draft.ts';

const text = words.lapse;
const offeredMs = [10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000];

export const TimeLapseSection = ({ camera, editing }: { camera: Camera; editing: Editing }) => {
  const { lapseEnabled, lapseIntervalMs, lapseFullSize, lapseSchedule } = editing.draft;
  const intervals = [...new Set([...offeredMs, lapseIntervalMs])].sort((one, other) => one - other);
  return (
    <Panel
      title={text.title}
      aside={
        <LinkButton small look="ghost" icon={Images} href={`/cameras/${encodeURIComponent(camera.id)}/time-lapse`}>
          {text.look}
        </LinkButton>
      }
    >
      <Switch
        label={text.switch}
        hint={text.switchHint}
        checked={lapseEnabled}
        onChange={(enabled) => editing.set({ lapseEnabled: enabled })}
      />
      {lapseEnabled && (
        <>
          <SelectField
            label={text.interval}
            value={String(lapseIntervalMs)}
            options={intervals.map((ms) => ({ value: String(ms), label: text.every(ms) }))}
            onChange={(ms) => editing.set({ lapseIntervalMs: Number(ms) })}
          />
          {editing.draft.source.kind === 'pi' && (
            <Switch
              label={text.fullSize}
              hint={text.fullSizeHint}
              checked={lapseFullSize}
              onChange={(fullSize) => editing.set({ lapseFullSize: fullSize })}
            />
          )}
          <ScheduleSection
            schedule={lapseSchedule}
            label={text.scheduleLabel}
            onChange={(schedule) => editing.set({ lapseSchedule: schedule })}
          />
          <div class="columns">
            <NumberInput editing={editing} field="lapseMaxAgeDays" label={text.maxAge} hint={text.maxAgeHint} />
            <NumberInput editing={editing} field="lapseMaxGigabytes" label={text.maxSize} hint={text.maxSizeHint} />
          </div>
        </>
      )}
    </Panel>
  );
};
