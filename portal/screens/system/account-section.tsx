import { LogOut, User } from 'lucide';
import { useState } from 'preact/hooks';
import { passwordStrength } from '../../format/password.ts';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { usePortal } from '../../store/portal.ts';
import { useLogOut } from '../use-log-out.ts';
import { useTask } from '../use-task.ts';

const text = words.system;

/** The three fields, what is wrong with them, and the change itself. */
const usePasswordChange = () => {
  const { session, notices, limits } = usePortal();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const task = useTask();
  const strength = passwordStrength(next, limits.passwordMinLength);
  const nextError = strength.level === 'short' ? words.claim.strength.short(strength.missing) : null;
  const againError = next === again ? null : words.claim.differ;
  const change = async () => {
    const problem = await session.changePassword(current, next);
    if (problem) return problem;
    notices.good(text.passwordChanged);
    for (const clear of [setCurrent, setNext, setAgain]) clear('');
    setTried(false);
    return null;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (current && !nextError && !againError) void task.run(change);
  };
  const errors = isTried
    ? { current: current ? null : words.editor.needed, next: nextError, again: againError }
    : { current: null, next: null, again: null };
  return { values: { current, next, again }, setCurrent, setNext, setAgain, errors, task, submit };
};

const PasswordForm = () => {
  const { values, setCurrent, setNext, setAgain, errors, task, submit } = usePasswordChange();
  const shown = { show: words.claim.show, hide: words.claim.hide };
  return (
    <form class="stack" noValidate onSubmit={submit}>
      <PasswordField
        {...shown}
        label={text.passwordCurrent}
        name="current-password"
        autoComplete="current-password"
        value={values.current}
        onInput={setCurrent}
        error={errors.current}
      />
      <div class="columns">
        <PasswordField
          {...shown}
          label={text.passwordNext}
          name="new-password"
          autoComplete="new-password"
          value={values.next}
          onInput={setNext}
          error={errors.next}
        />
        <PasswordField
          {...shown}
          label={text.passwordAgain}
          name="new-password-again"
          autoComplete="new-password"
          value={values.again}
          onInput={setAgain}
          error={errors.again}
        />
      </div>
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <div class="row">
        <Button type="submit" busy={task.isBusy}>
          {text.passwordChange}
        </Button>
      </div>
    </form>
  );
};

export const AccountSection = () => {
  const { session } = usePortal();
  const logOut = useLogOut();
  const phase = session.phase.value;
  return (
    <Panel
      title={text.account}
      icon={User}
      aside={
        <Button small icon={LogOut} onClick={() => void logOut()}>
          {text.logOut}
        </Button>
      }
    >
      {phase.kind === 'logged-in' && <p class="quiet">{text.loggedInAs(phase.username)}</p>}
      <PasswordForm />
    </Panel>
  );
};
