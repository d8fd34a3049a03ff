import { words } from '../../format/words.ts';
import { TextField } from '../../parts/field.tsx';
import { bounds, mayBeEmpty, type NumberField } from '../../store/camera-edit.ts';
import type { Editing } from './use-draft.ts';

const text = words.editor;

interface NumberInputProps {
  editing: Editing;
  field: NumberField;
  label: string;
  hint?: string;
}

export const NumberInput = ({ editing, field, label, hint }: NumberInputProps) => (
  <TextField
    label={label}
    value={editing.draft[field]}
    inputMode="decimal"
    onInput={(value) => editing.set({ [field]: value })}
    error={editing.wrong.has(field) ? (mayBeEmpty.includes(field) ? text.positive : text.numberBetween(...bounds[field])) : null}
    {...(hint ? { hint } : {})}
  />
);
