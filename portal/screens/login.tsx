import { useState } from 'preact/hooks';
import { words } from '../format/words.ts';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { ProblemBox } from '../parts/panel.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { usePortal } from '../store/portal.ts';
import { Gate } from './gate.tsx';
import { useTask } from './use-task.ts';

const text = words.login;

export const Login = ({ expired }: { expired: boolean }) => {
  const { session } = usePortal();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const task = useTask();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void task.run(() => session.login(username, password));
  };
  return (
    <Gate title={text.title}>
      {expired && <ProblemBox tone="note" message={text.expired} />}
      <form class="stack" onSubmit={submit}>
        <TextField label={text.username} name="username" autoComplete="username" value={username} onInput={setUsername} required />
        <PasswordField
          label={text.password}
          name="password"
          autoComplete="current-password"
          value={password}
          onInput={setPassword}
          show={words.claim.show}
          hide={words.claim.hide}
        />
        {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
        <Button look="primary" type="submit" busy={task.isBusy}>
          {task.isBusy ? text.busy : text.submit}
        </Button>
      </form>
      <p class="gate-note">
        {text.forgotten} <code>scripts/kerberos reset-password</code>
      </p>
    </Gate>
  );
};
