import { KeyRound } from 'lucide';
import { useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { ProblemBox } from '../../parts/panel.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import type { CameraSource } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { useTask } from '../use-task.ts';

const text = words.found.login;

interface CameraLoginProps {
  name: string;
  onvifUrl: string;
  onTold: (source: CameraSource) => void;
}

/** Asks a network camera where its streams are. Lies within the form of the new camera, so it is none itself. */
export const CameraLogin = ({ name, onvifUrl, onTold }: CameraLoginProps) => {
  const { discovery } = usePortal();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const task = useTask();
  const ask = () =>
    void task.run(async () => {
      const answer = await discovery.askCamera({ url: onvifUrl, username, password });
      if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
      const { source, manufacturer, model } = answer.value;
      onTold(source.kind === 'rtsp' && password ? { ...source, password } : source);
      setTold([manufacturer, model].filter(Boolean).join(' ') || name);
      return null;
    });
  return (
    <fieldset class="found-login stack">
      <legend>{text.title(name)}</legend>
      <p class="field-hint">{text.hint}</p>
      <TextField label={words.editor.username} name="found-user" value={username} onInput={setUsername} />
      <PasswordField
        label={words.editor.password}
        name="found-password"
        autoComplete="off"
        value={password}
        onInput={setPassword}
        show={words.claim.show}
        hide={words.claim.hide}
      />
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      {told !== null && <p role="status">{text.told(told)}</p>}
      <div class="row">
        <Button small icon={KeyRound} busy={task.isBusy} onClick={ask}>
          {task.isBusy ? text.asking : text.ask}
        </Button>
      </div>
    </fieldset>
  );
};
