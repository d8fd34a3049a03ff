import { Copy, KeyRound, Plus } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { CheckField, TextField } from '../../parts/field.tsx';
import { Chip, Panel, ProblemBox } from '../../parts/panel.tsx';
import type { Scope, Token } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useTask } from '../use-task.ts';

const text = words.system;
const scopes: readonly Scope[] = ['view', 'operate', 'admin', 'metrics'];

/** The one moment the token is shown. */
const NewTokenValue = ({ token, onDone }: { token: string; onDone: () => void }) => {
  const { notices } = usePortal();
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    input.current?.select();
    // Browsers give a clipboard only to pages of a secure origin, which an address on the home network is not.
    const isCopied = await (navigator.clipboard?.writeText(token).then(
      () => true,
      () => false,
    ) ?? Promise.resolve(false));
    if (isCopied) notices.good(text.copied);
    else notices.bad(text.copyFailed);
  };
  return (
    <Dialog title={text.tokenValue} closeLabel={words.close} onClose={onDone}>
      <p>{text.tokenCreated}</p>
      <input
        ref={input}
        // Not what closes the dialog: a key pressed twice would lose the token for good.
        data-first-focus
        class="input code"
        readOnly
        value={token}
        aria-label={text.tokenValue}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="row row-end">
        <Button icon={Copy} onClick={() => void copy()}>
          {text.copy}
        </Button>
        <Button look="primary" onClick={onDone}>
          {text.tokenDone}
        </Button>
      </div>
    </Dialog>
  );
};

const CreateToken = () => {
  const { system, limits } = usePortal();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['view']);
  const [isTried, setTried] = useState(false);
  const [created, setCreated] = useState<string | null>(null);
  const task = useTask();
  const create = async () => {
    const answer = await system.createToken({ name: name.trim(), scopes: [...chosen] });
    if (answer.kind === 'ok') {
      setCreated(answer.value.token);
      setName('');
      setTried(false);
    }
    return problemOf(answer);
  };
  const choose = (scope: Scope, isOn: boolean) => setChosen(scopes.filter((other) => (other === scope ? isOn : chosen.includes(other))));
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (name.trim() && chosen.length > 0) void task.run(create);
      }}
    >
      <TextField
        label={text.tokenName}
        value={name}
        maxLength={limits.nameLength}
        onInput={setName}
        error={isTried && !name.trim() ? words.editor.needed : null}
      />
      <fieldset class="choices">
        <legend>{text.tokenScopes}</legend>
        <div class="row">
          {scopes.map((scope) => (
            <CheckField key={scope} label={text.scopes[scope]} checked={chosen.includes(scope)} onChange={(isOn) => choose(scope, isOn)} />
          ))}
        </div>
        {isTried && chosen.length === 0 && <p class="field-error">{text.tokenScopeNeeded}</p>}
      </fieldset>
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <div class="row">
        <Button type="submit" icon={Plus} busy={task.isBusy}>
          {text.tokenCreate}
        </Button>
      </div>
      {created !== null && <NewTokenValue token={created} onDone={() => setCreated(null)} />}
    </form>
  );
};

const TokenLine = ({ token, onRevoke }: { token: Token; onRevoke: () => void }) => {
  const { time } = usePortal();
  const when = (iso: string) => time.value.dateTime(Date.parse(iso));
  return (
    <li class="token-line">
      <div>
        <strong>{token.name}</strong>
        <small>
          {text.tokenMade(when(token.created))}, {token.lastUsed === null ? text.tokenUnused : text.tokenUsed(when(token.lastUsed))}
        </small>
        <span class="row row-chips">
          {token.scopes.map((scope) => (
            <Chip key={scope}>{text.scopes[scope]}</Chip>
          ))}
        </span>
      </div>
      <Button small look="danger" onClick={onRevoke}>
        {text.tokenRevoke}
      </Button>
    </li>
  );
};

const RevokeDialog = ({ token, onClose }: { token: Token; onClose: () => void }) => {
  const { system, notices } = usePortal();
  const revoke = async () => {
    const problem = problemOf(await system.revokeToken(token.id));
    if (problem) return problem;
    notices.good(text.tokenRevoked);
    onClose();
    return null;
  };
  return (
    <ConfirmDialog title={text.tokenRevokeTitle(token.name)} goLabel={text.tokenRevoke} go={revoke} onClose={onClose}>
      <p>{text.tokenRevokeText}</p>
    </ConfirmDialog>
  );
};

export const TokenSection = () => {
  const { system } = usePortal();
  const { value, problem } = system.tokens.value;
  const [toRevoke, setToRevoke] = useState<Token | null>(null);
  return (
    <Panel title={text.tokens} icon={KeyRound}>
      <p class="quiet">{text.tokensText}</p>
      {problem && <ProblemBox message={problem.message} action={problem.action} />}
      {value?.length === 0 && <p>{text.tokensNone}</p>}
      {value && value.length > 0 && (
        <ul class="token-lines">
          {value.map((token) => (
            <TokenLine key={token.id} token={token} onRevoke={() => setToRevoke(token)} />
          ))}
        </ul>
      )}
      <CreateToken />
      {toRevoke && <RevokeDialog token={toRevoke} onClose={() => setToRevoke(null)} />}
    </Panel>
  );
};
