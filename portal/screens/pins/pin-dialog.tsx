import { Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, Switch, TextField } from '../../parts/field.tsx';
import { ProblemBox } from '../../parts/panel.tsx';
import type { Pin } from '../../store/model.ts';
import { draftOfPin, type PinDraft, useOfDraft, wrongInPin } from '../../store/pin-draft.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { useTask } from '../use-task.ts';
import { CameraChoice } from './camera-choice.tsx';

const text = words.pins;
const choices = <Value extends string>(labels: Readonly<Record<Value, string>>, values: readonly Value[]) =>
  values.map((value) => ({ value, label: labels[value] }));
const directions = choices(text.directions, ['input', 'output']);
const inputKinds = choices(text.kinds, ['pir', 'door', 'tamper', 'button', 'reset']);
const outputKinds = choices(text.kinds, ['relay', 'siren', 'ir-light']);
const modes = choices(text.modes, ['by-hand', 'pulse', 'follow']);

interface FieldsProps {
  draft: PinDraft;
  set: (change: Partial<PinDraft>) => void;
  wrong: ReadonlySet<keyof PinDraft>;
}

const InputFields = ({ draft, set, wrong }: FieldsProps) => (
  <>
    <SelectField label={text.kind} value={draft.inputKind} options={inputKinds} onChange={(inputKind) => set({ inputKind })} />
    {draft.inputKind !== 'reset' && (
      <>
        <CameraChoice legend={text.recordCameras} chosen={draft.cameraIds} onChange={(cameraIds) => set({ cameraIds })} />
        <TextField
          label={text.recordSeconds}
          value={draft.recordSeconds}
          inputMode="decimal"
          error={wrong.has('recordSeconds') ? words.editor.numberBetween(1, 1800) : null}
          onInput={(recordSeconds) => set({ recordSeconds })}
        />
      </>
    )}
    <TextField
      label={text.debounce}
      value={draft.debounceMs}
      inputMode="numeric"
      error={wrong.has('debounceMs') ? words.editor.numberBetween(5, 5000) : null}
      onInput={(debounceMs) => set({ debounceMs })}
    />
  </>
);

const OutputFields = ({ draft, set, wrong }: FieldsProps) => (
  <>
    <SelectField label={text.kind} value={draft.outputKind} options={outputKinds} onChange={(outputKind) => set({ outputKind })} />
    <SelectField label={text.mode} value={draft.mode} options={modes} onChange={(mode) => set({ mode })} />
    {draft.mode !== 'by-hand' && (
      <CameraChoice legend={text.modeCameras} chosen={draft.cameraIds} onChange={(cameraIds) => set({ cameraIds })} />
    )}
    {draft.mode === 'pulse' && (
      <TextField
        label={text.pulseSeconds}
        value={draft.pulseSeconds}
        inputMode="decimal"
        error={wrong.has('pulseSeconds') ? words.editor.numberBetween(0.05, 60) : null}
        onInput={(pulseSeconds) => set({ pulseSeconds })}
      />
    )}
  </>
);

/** What a pin is for, and giving it back. */
export const PinDialog = ({ pin, onClose }: { pin: Pin; onClose: () => void }) => {
  const { pins, notices } = usePortal();
  const [draft, setDraft] = useState(() => draftOfPin(pin.use));
  const [isTried, setTried] = useState(false);
  const task = useTask();
  const wrong = wrongInPin(draft);
  const shown = isTried ? wrong : new Set<keyof PinDraft>();
  const set = (change: Partial<PinDraft>) => setDraft({ ...draft, ...change });
  const finish = async (request: Promise<Parameters<typeof problemOf>[0]>, done: string) => {
    const problem = problemOf(await request);
    if (problem) return problem;
    notices.good(done);
    onClose();
    return null;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.size === 0) void task.run(() => finish(pins.assign(pin.line, useOfDraft(draft)), text.saved));
  };
  const fields = { draft, set, wrong: shown };
  return (
    <Dialog title={`${text.gpio(pin.line)}, ${text.place(pin.headerPin)}`} closeLabel={words.close} onClose={onClose}>
      <form class="stack" noValidate onSubmit={submit}>
        <SelectField label={text.direction} value={draft.direction} options={directions} onChange={(direction) => set({ direction })} />
        <TextField
          label={text.name}
          value={draft.name}
          maxLength={64}
          error={shown.has('name') ? words.editor.needed : null}
          onInput={(name) => set({ name })}
        />
        {draft.direction === 'input' ? <InputFields {...fields} /> : <OutputFields {...fields} />}
        <Switch label={text.activeLow[draft.direction]} checked={draft.activeLow} onChange={(activeLow) => set({ activeLow })} />
        {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
        <div class="row row-end">
          {pin.use && (
            <Button look="danger" icon={Trash2} onClick={() => void task.run(() => finish(pins.clear(pin.line), text.removed))}>
              {text.remove}
            </Button>
          )}
          <Button look="primary" type="submit" busy={task.isBusy}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
