import { words } from '../../format/words.ts';
import { piWords as text } from '../../format/words-pi.ts';
import { SelectField, Switch, TextField } from '../../parts/field.tsx';
import { type PiDraft, type PiNumber, piBounds, wrongInPi } from '../../store/pi-draft.ts';

interface PiFieldsProps {
  draft: PiDraft;
  onChange: (draft: PiDraft) => void;
}

const sizes = ['640x480', '1280x720', '1640x1232', '1920x1080', '2304x1296'];
const sizeWords = (size: string): string => size.replace('x', ' × ');

const choices = <Value extends string>(labels: Readonly<Record<Value, string>>) =>
  (Object.keys(labels) as Value[]).map((value) => ({ value, label: labels[value] }));

const NumberField = ({ draft, onChange, field, hint }: PiFieldsProps & { field: PiNumber; hint?: string }) => {
  const label = field === 'framesPerSecond' ? text.rate : text[field];
  return (
    <TextField
      label={label}
      {...(field === 'framesPerSecond' ? {} : { note: words.optional })}
      inputMode="decimal"
      value={draft[field]}
      onInput={(value) => onChange({ ...draft, [field]: value })}
      error={wrongInPi(draft).has(field) ? words.editor.numberBetween(...piBounds[field]) : null}
      {...(hint ? { hint } : {})}
    />
  );
};

const PictureFields = (props: PiFieldsProps) => {
  const { draft, onChange } = props;
  const offered = sizes.includes(draft.size) ? sizes : [draft.size, ...sizes];
  return (
    <>
      <TextField
        label={text.camera}
        note={words.optional}
        value={draft.camera}
        onInput={(camera) => onChange({ ...draft, camera })}
        hint={text.cameraHint}
        error={wrongInPi(draft).has('camera') ? text.cameraWrong : null}
      />
      <div class="columns">
        <SelectField
          label={text.size}
          value={draft.size}
          options={offered.map((value) => ({ value, label: sizeWords(value) }))}
          onChange={(size) => onChange({ ...draft, size })}
        />
        <NumberField {...props} field="framesPerSecond" />
        <NumberField {...props} field="megabits" hint={text.megabitsHint} />
      </div>
      <Switch label={text.isUpsideDown} checked={draft.isUpsideDown} onChange={(isUpsideDown) => onChange({ ...draft, isUpsideDown })} />
      <Switch label={text.mirror} checked={draft.mirror} onChange={(mirror) => onChange({ ...draft, mirror })} />
    </>
  );
};

const LightFields = (props: PiFieldsProps) => {
  const { draft, onChange } = props;
  return (
    <>
      <div class="columns">
        <SelectField
          label={text.exposure}
          value={draft.exposure}
          options={choices(text.exposures)}
          onChange={(exposure) => onChange({ ...draft, exposure })}
        />
        <SelectField
          label={text.whiteBalance}
          value={draft.whiteBalance}
          options={choices(text.whiteBalances)}
          onChange={(whiteBalance) => onChange({ ...draft, whiteBalance })}
        />
        <SelectField label={text.hdr} value={draft.hdr} options={choices(text.hdrs)} onChange={(hdr) => onChange({ ...draft, hdr })} />
        <SelectField
          label={text.flicker}
          value={draft.flicker}
          options={choices(text.flickers)}
          onChange={(flicker) => onChange({ ...draft, flicker })}
        />
      </div>
      <div class="columns">
        <NumberField {...props} field="ev" />
        <NumberField {...props} field="shutterUs" />
        <NumberField {...props} field="gain" />
      </div>
    </>
  );
};

const LensFields = (props: PiFieldsProps) => {
  const { draft, onChange } = props;
  return (
    <>
      <SelectField
        label={text.focus}
        value={draft.focus}
        options={choices(text.focuses)}
        onChange={(focus) => onChange({ ...draft, focus })}
      />
      {draft.focus === 'manual' && <NumberField {...props} field="lensPosition" hint={text.lensPositionHint} />}
      <TextField
        label={text.tuningFile}
        note={words.optional}
        value={draft.tuningFile}
        onInput={(tuningFile) => onChange({ ...draft, tuningFile })}
        hint={text.tuningFileHint}
        error={wrongInPi(draft).has('tuningFile') ? text.tuningFileWrong : null}
      />
      <fieldset>
        <legend>{text.region}</legend>
        <div class="columns">
          {(['left', 'top', 'width', 'height'] as const).map((field) => (
            <NumberField key={field} {...props} field={field} />
          ))}
        </div>
      </fieldset>
    </>
  );
};

/** The settings of a camera on the Pi's own connector. */
export const PiFields = (props: PiFieldsProps) => (
  <>
    <PictureFields {...props} />
    <details>
      <summary>{text.more}</summary>
      <div class="stack">
        <LightFields {...props} />
        <LensFields {...props} />
      </div>
    </details>
  </>
);
