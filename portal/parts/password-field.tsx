import { Eye, EyeOff } from 'lucide';
import { useState } from 'preact/hooks';
import { IconButton } from './button.tsx';
import { FieldFrame } from './field.tsx';

interface PasswordFieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  autoComplete: 'current-password' | 'new-password' | 'off';
  name: string;
  show: string;
  hide: string;
  hint?: string;
  note?: string;
  error?: string | null | undefined;
}

export const PasswordField = ({ label, value, onInput, autoComplete, name, show, hide, hint, note, error }: PasswordFieldProps) => {
  const [isShown, setShown] = useState(false);
  return (
    <FieldFrame label={label} hint={hint} error={error} note={note}>
      {(ids) => (
        <div class="input-with-button">
          <input
            class="input"
            {...ids}
            name={name}
            type={(isShown ? 'text' : 'password') as 'text'}
            value={value}
            autoComplete={autoComplete}
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <IconButton icon={isShown ? EyeOff : Eye} label={isShown ? hide : show} pressed={isShown} onClick={() => setShown(!isShown)} />
        </div>
      )}
    </FieldFrame>
  );
};

/** A bar of how long the password is; `value` 0 to 1. */
export const StrengthBar = ({ level, share, text, label }: { level: string; share: number; text: string; label: string }) => (
  <div class={`strength strength-${level}`}>
    <meter min={0} max={1} value={share} aria-label={label} />
    <span aria-live="polite">{text}</span>
  </div>
);
