import { RotateCcw } from 'lucide';
import { useEffect } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { IconButton } from '../../parts/button.tsx';
import { FieldFrame, SelectField, Switch } from '../../parts/field.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import type { Camera, CameraControl } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { useTask } from '../use-task.ts';

const text = words.found.controls;

interface ControlProps {
  control: CameraControl;
  onChange: (value: number) => void;
}

const Range = ({ control, onChange }: ControlProps) => (
  <FieldFrame label={control.label} hint={control.changeable ? undefined : text.locked}>
    {(ids) => (
      <div class="range">
        <input
          {...ids}
          type="range"
          min={control.min}
          max={control.max}
          step={control.step}
          value={control.value}
          disabled={!control.changeable}
          onChange={(event) => onChange(Number(event.currentTarget.value))}
        />
        <output class="tabular">{control.value}</output>
        {control.changeable && control.value !== control.default && (
          <IconButton small icon={RotateCcw} label={text.reset(control.label)} onClick={() => onChange(control.default)} />
        )}
      </div>
    )}
  </FieldFrame>
);

const Control = ({ control, onChange }: ControlProps) => {
  if (control.kind === 'switch') {
    return (
      <Switch
        label={control.label}
        checked={control.value !== 0}
        disabled={!control.changeable}
        onChange={(isOn) => onChange(isOn ? 1 : 0)}
        {...(control.changeable ? {} : { hint: text.locked })}
      />
    );
  }
  if (control.kind === 'number' || !control.changeable) return <Range control={control} onChange={onChange} />;
  return (
    <SelectField
      label={control.label}
      value={String(control.value)}
      options={control.choices.map(({ value, label }) => ({ value: String(value), label }))}
      onChange={(value) => onChange(Number(value))}
    />
  );
};

/** What a camera can be told about its picture. Not part of the form: it changes at once, as one looks at it. */
export const ControlsSection = ({ camera }: { camera: Camera }) => {
  const { discovery } = usePortal();
  const task = useTask();
  const { value, problem } = discovery.controls.value;
  useEffect(() => void discovery.loadControls(camera.id), [discovery, camera.id]);
  const set = (id: string, wanted: number) =>
    void task.run(async () => {
      const answer = await discovery.setControl(camera.id, id, wanted);
      return answer.kind === 'error' ? answer.problem : null;
    });
  const failed = task.problem ?? problem;
  if (!failed && value?.length === 0) return null;
  return (
    <Panel title={text.title}>
      <p class="quiet">{camera.source.kind === 'usb' ? text.leadUsb : text.lead}</p>
      {failed && <ProblemBox message={failed.message} action={failed.action} />}
      {!problem && value?.map((control) => <Control key={control.id} control={control} onChange={(wanted) => set(control.id, wanted)} />)}
    </Panel>
  );
};
