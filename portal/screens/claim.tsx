import { useState } from 'preact/hooks';
import { passwordStrength } from '../format/password.ts';
import { words } from '../format/words.ts';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { ProblemBox } from '../parts/panel.tsx';
import { PasswordField, StrengthBar } from '../parts/password-field.tsx';
import { usePortal } from '../store/portal.ts';
import { Gate } from './gate.tsx';
import { useTask } from './use-task.ts';

const text = words.claim;

const strengthText = (level: 'short' | 'fair' | 'good' | 'strong', missing: number): string =>
  level === 'short' ? text.strength.short(missing) : text.strength[level];

/** What is typed, what is wrong with it, and the claim itself. */
const useClaim = () => {
  const { session, limits } = usePortal();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const task = useTask();
  const strength = passwordStrength(password, limits.passwordMinLength);
  const errors = {
    username: username.trim() ? null : text.nameMissing,
    password: strength.level === 'short' ? strengthText('short', strength.missing) : null,
    again: password === again ? null : text.differ,
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (errors.username || errors.password || errors.again) return;
    void task.run(() => session.claim(username.trim(), password));
  };
  return { username, setUsername, password, setPassword, again, setAgain, isTried, errors, strength, task, submit, limits };
};

export const Claim = () => {
  const { username, setUsername, password, setPassword, again, setAgain, isTried, errors, strength, task, submit, limits } = useClaim();
  const shown = { show: text.show, hide: text.hide, autoComplete: 'new-password' as const };
  return (
    <Gate title={text.title} lead={text.lead}>
      <form class="stack" onSubmit={submit} noValidate>
        <TextField
          label={text.username}
          name="username"
          autoComplete="username"
          value={username}
          onInput={setUsername}
          maxLength={limits.usernameMaxLength}
          error={isTried ? errors.username : null}
        />
        <PasswordField
          {...shown}
          label={text.password}
          name="password"
          value={password}
          onInput={setPassword}
          hint={text.hint(limits.passwordMinLength)}
          error={isTried ? errors.password : null}
        />
        {password && (
          <StrengthBar
            level={strength.level}
            share={strength.share}
            text={strengthText(strength.level, strength.missing)}
            label={text.strength.label}
          />
        )}
        <PasswordField
          {...shown}
          label={text.again}
          name="password-again"
          value={again}
          onInput={setAgain}
          error={isTried || (again.length >= password.length && again !== '') ? errors.again : null}
        />
        {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
        <Button look="primary" type="submit" busy={task.isBusy}>
          {task.isBusy ? text.busy : text.submit}
        </Button>
      </form>
      <p class="gate-note">{text.why}</p>
    </Gate>
  );
};
