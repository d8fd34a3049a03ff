import { words } from '../../format/words.ts';
import { ChoiceCards, FieldFrame, Switch, TextField } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { FixedFields } from './fixed-fields.tsx';
import { NumberInput } from './number-input.tsx';
import { ScheduleSection } from './schedule-section.tsx';
import type { Editing } from './use-draft.ts';
import { ZoneSection } from './zone-section.tsx';

const text = words.editor;

interface SectionProps {
  editing: Editing;
}

interface CameraSectionProps extends SectionProps {
  camera: Camera;
}

export const GeneralSection = ({ editing, camera }: CameraSectionProps) => {
  const { limits } = usePortal();
  return (
    <Panel title={text.general}>
      <FixedFields setting={`cameras.${camera.id}.name`}>
        <TextField
          label={text.name}
          value={editing.draft.name}
          maxLength={limits.nameLength}
          onInput={(name) => editing.set({ name })}
          error={editing.wrong.has('name') ? text.needed : null}
        />
      </FixedFields>
      <Switch
        label={text.enabled}
        hint={text.enabledHint}
        checked={editing.draft.enabled}
        onChange={(enabled) => editing.set({ enabled })}
      />
    </Panel>
  );
};

export const RecordingSection = ({ editing, camera }: CameraSectionProps) => (
  <Panel title={text.recording}>
    <FixedFields setting={`cameras.${camera.id}.recording.mode`}>
      <ChoiceCards
        legend={text.mode}
        value={editing.draft.mode}
        options={(['off', 'events', 'continuous', 'both'] as const).map((value) => ({ value, ...text.modes[value] }))}
        onChange={(mode) => editing.set({ mode })}
      />
    </FixedFields>
    <div class="columns">
      <NumberInput editing={editing} field="preRollSeconds" label={text.preRoll} hint={text.preRollHint} />
      <NumberInput editing={editing} field="postRollSeconds" label={text.postRoll} />
      <NumberInput editing={editing} field="maxLengthSeconds" label={text.maxLength} hint={text.maxLengthHint} />
    </div>
    <Switch label={text.audio} checked={editing.draft.audio} onChange={(audio) => editing.set({ audio })} />
    <ScheduleSection schedule={editing.draft.schedule} label={text.scheduleLabel} onChange={(schedule) => editing.set({ schedule })} />
  </Panel>
);

export const RetentionSection = ({ editing }: SectionProps) => (
  <Panel title={text.retention}>
    <div class="columns">
      <NumberInput editing={editing} field="maxAgeDays" label={text.maxAge} hint={text.maxAgeHint} />
      <NumberInput editing={editing} field="maxGigabytes" label={text.maxSize} hint={text.maxSizeHint} />
    </div>
  </Panel>
);

export const MotionSection = ({ editing, camera }: CameraSectionProps) => (
  <Panel title={text.motion}>
    <Switch label={text.motionEnabled} checked={editing.draft.motionEnabled} onChange={(motionEnabled) => editing.set({ motionEnabled })} />
    <FieldFrame label={text.sensitivity} hint={text.sensitivityHint}>
      {(ids) => (
        <div class="range">
          <input
            {...ids}
            type="range"
            min={1}
            max={100}
            value={editing.draft.sensitivity}
            onInput={(event) => editing.set({ sensitivity: Number(event.currentTarget.value) })}
          />
          <output class="tabular">{editing.draft.sensitivity}</output>
          <small>{text.sensitivityLow}</small>
          <small>{text.sensitivityHigh}</small>
        </div>
      )}
    </FieldFrame>
    <h3>{text.zones}</h3>
    <ZoneSection camera={camera} zones={editing.draft.zones} isTried={editing.isTried} onChange={(zones) => editing.set({ zones })} />
  </Panel>
);
