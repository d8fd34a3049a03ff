import { useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { networkWords as text } from '../../format/words-network.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { CheckField, TextField } from '../../parts/field.tsx';
import { ProblemBox } from '../../parts/panel.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import type { WifiNetwork } from '../../store/model.ts';
import { isNetworkName, isPassphrase } from '../../store/network.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { useTask } from '../use-task.ts';

/** `network` null: one that is not in the list, because it hides its name or is out of reach. */
export const JoinDialog = ({ network, onClose }: { network: WifiNetwork | null; onClose: () => void }) => {
  const {
    system: { network: store },
    limits,
  } = usePortal();
  const [name, setName] = useState(network?.ssid ?? '');
  const [passphrase, setPassphrase] = useState('');
  const [isHidden, setHidden] = useState(false);
  const [isTried, setTried] = useState(false);
  const task = useTask();
  const isNeeded = network?.security === 'wpa' && !network.known;
  const errors = {
    name: isNetworkName(name, limits.ssidBytes) ? null : text.nameWrong,
    passphrase: isPassphrase(passphrase) && !(isNeeded && passphrase === '') ? null : text.passphraseWrong,
  };
  const join = async () => {
    const wish = { ssid: name, ...(passphrase === '' ? {} : { passphrase }), ...(isHidden ? { hidden: true } : {}) };
    const problem = problemOf(await store.join(wish));
    if (!problem) onClose();
    return problem;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!errors.name && !errors.passphrase) void task.run(join);
  };
  return (
    <Dialog title={network ? text.joinTitle(network.ssid) : text.joinOther} closeLabel={words.close} onClose={onClose}>
      <form class="stack" noValidate onSubmit={submit}>
        {!network && <TextField label={text.name} name="ssid" value={name} onInput={setName} error={isTried ? errors.name : null} />}
        {network?.security !== 'open' && (
          <PasswordField
            label={text.passphrase}
            name="passphrase"
            autoComplete="off"
            value={passphrase}
            onInput={setPassphrase}
            show={text.passphraseShow}
            hide={text.passphraseHide}
            hint={network?.known ? text.passphraseKnownHint : text.passphraseHint}
            error={isTried ? errors.passphrase : null}
          />
        )}
        {!network && <CheckField label={text.hidden} checked={isHidden} onChange={setHidden} />}
        <p class="quiet">{text.joinText}</p>
        {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
        <div class="row row-end">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" busy={task.isBusy}>
            {text.join}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
