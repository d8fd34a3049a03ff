import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { words } from '../../format/words.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import { draftOfFound, emptySource, type SourceDraft, sourceOfDraft } from '../../store/camera-draft.ts';
import type { CameraSource } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { BackLink } from '../back-link.tsx';
import { useTask } from '../use-task.ts';
import { FoundCameras } from './found-cameras.tsx';
import { ProbeButton } from './probe-button.tsx';
import { SourceForm } from './source-form.tsx';
import '../../style/editor.css';

const text = words.editor;

const useNewCamera = () => {
  const { cameras, notices } = usePortal();
  const { route } = useLocation();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState<SourceDraft>(emptySource);
  const [suggestion, setSuggestion] = useState('');
  const [isTried, setTried] = useState(false);
  const task = useTask();
  const source = sourceOfDraft(draft);

  /** A name that nobody typed gives way to that of the next camera that is chosen. */
  const choose = (found: CameraSource, suggested: string) => {
    setDraft(draftOfFound(found));
    if (!name.trim() || name === suggestion) setName(suggested);
    setSuggestion(suggested);
  };
  const add = async (saveAnyway: boolean) => {
    if (!source) return null;
    const answer = await cameras.add({ name: name.trim(), source, ...(saveAnyway ? { saveAnyway } : {}) });
    if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.problem : null;
    notices.good(text.added(answer.value.name));
    route(`/cameras/${encodeURIComponent(answer.value.id)}/edit`);
    return null;
  };
  const submit = (saveAnyway: boolean) => {
    setTried(true);
    if (name.trim() && source) void task.run(() => add(saveAnyway));
  };
  return { name, setName, draft, setDraft, choose, source, isTried, setTried, task, submit };
};

/** A new camera: where it is, whether it works, its name. Everything else has good defaults and can be changed after. */
export const AddCamera = () => {
  const { limits } = usePortal();
  const { name, setName, draft, setDraft, choose, source, isTried, setTried, task, submit } = useNewCamera();
  const canSaveAnyway = task.problem?.kind.startsWith('camera-') || task.problem?.kind === 'timeout';
  return (
    <Page title={text.addTitle} product={words.product} width="narrow" before={<BackLink />}>
      <form
        class="stack stack-wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        <FoundCameras onChoose={choose} />
        <Panel title={text.source}>
          <p class="quiet">{text.addLead}</p>
          <SourceForm draft={draft} onChange={setDraft} savedPassword="none" isTried={isTried} />
          <ProbeButton source={source} onIncomplete={() => setTried(true)} />
        </Panel>
        <Panel title={text.general}>
          <TextField
            label={text.name}
            value={name}
            onInput={setName}
            maxLength={limits.nameLength}
            hint={text.nameHint}
            error={isTried && !name.trim() ? text.needed : null}
          />
        </Panel>
        {task.problem && (
          <ProblemBox message={task.problem.message} action={task.problem.action}>
            {canSaveAnyway && (
              <>
                <Button small onClick={() => submit(true)}>
                  {text.saveAnyway}
                </Button>
                <p class="field-hint">{text.saveAnywayHint}</p>
              </>
            )}
          </ProblemBox>
        )}
        <div class="row">
          <Button look="primary" type="submit" busy={task.isBusy}>
            {task.isBusy ? text.adding : text.add}
          </Button>
          <LinkButton href="/" look="ghost">
            {words.cancel}
          </LinkButton>
        </div>
      </form>
    </Page>
  );
};
