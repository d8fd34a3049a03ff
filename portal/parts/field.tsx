import type { ComponentChildren, HTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';

interface FieldFrameProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  /** A word such as "optional" after the label. */
  note?: string | undefined;
  children: (ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }) => ComponentChildren;
}

/** Label, control, hint and error, tied together for everybody. */
export const FieldFrame = ({ label, hint, error, note, children }: FieldFrameProps) => {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>
        {label}
        {note && <span class="field-note"> ({note})</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};

interface TextFieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'password' | 'url' | 'time' | 'date' | 'number';
  hint?: ComponentChildren;
  error?: string | null | undefined;
  note?: string;
  autoComplete?: string;
  name?: string;
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
  placeholder?: string;
  inputMode?: HTMLAttributes['inputMode'];
  step?: number;
}

export const TextField = ({
  label,
  hint,
  error,
  note,
  type = 'text',
  value,
  onInput,
  autoComplete,
  inputMode,
  ...rest
}: TextFieldProps) => (
  <FieldFrame label={label} hint={hint} error={error} note={note}>
    {(ids) => (
      <input
        class="input"
        {...ids}
        {...rest}
        // Preact types an input by its type one by one; which of these it is makes no difference here.
        type={type as 'text'}
        value={value}
        autoComplete={autoComplete ?? 'off'}
        inputMode={inputMode}
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    )}
  </FieldFrame>
);

interface SelectFieldProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  hint?: string;
  disabled?: boolean;
}

export const SelectField = <Value extends string>({ label, value, options, onChange, hint, disabled }: SelectFieldProps<Value>) => (
  <FieldFrame label={label} hint={hint}>
    {(ids) => (
      <select
        class="input"
        {...ids}
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.currentTarget.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    )}
  </FieldFrame>
);

interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export const Switch = ({ label, hint, checked, disabled, onChange }: SwitchProps) => {
  const id = useId();
  return (
    <div class="switch-field">
      <input
        id={id}
        class="switch"
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};

export const CheckField = ({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) => (
  <label class="check">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    <span>{label}</span>
  </label>
);

interface ChoiceCardsProps<Value extends string> {
  legend: string;
  value: Value;
  options: readonly { value: Value; title: string; text: string }[];
  onChange: (value: Value) => void;
}

/** A few choices with their meaning, as radio buttons. */
export const ChoiceCards = <Value extends string>({ legend, value, options, onChange }: ChoiceCardsProps<Value>) => {
  const name = useId();
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      <div class="choice-cards">
        {options.map((option) => (
          <label key={option.value} class="choice-card">
            <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>
              <strong>{option.title}</strong>
              <small>{option.text}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};
