import { useRoute } from 'preact-iso';
import { words } from '../../format/words.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import { savedPassword, sourceOfDraft } from '../../store/camera-draft.ts';
import type { Camera } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { BackLink } from '../back-link.tsx';
import { NotFound } from '../not-found.tsx';
import { ControlsSection } from './controls-section.tsx';
import { GeneralSection, MotionSection, RecordingSection, RetentionSection } from './edit-sections.tsx';
import { FixedFields } from './fixed-fields.tsx';
import { NoticesSection } from './notices-section.tsx';
import { ProbeButton } from './probe-button.tsx';
import { RemoveSection } from './remove-section.tsx';
import { SourceForm } from './source-form.tsx';
import { TimeLapseSection } from './time-lapse-section.tsx';
import { type Editing, useDraft } from './use-draft.ts';
import '../../style/editor.css';

const text = words.editor;

const SourceSection = ({ camera, editing }: { camera: Camera; editing: Editing }) => {
  const { source } = editing.draft;
  return (
    <Panel title={text.source}>
      <FixedFields setting={`cameras.${camera.id}.source`}>
        <SourceForm
          draft={source}
          onChange={(next) => editing.set({ source: next })}
          savedPassword={savedPassword(source, camera.source)}
          isTried={editing.isTried}
        />
      </FixedFields>
      <ProbeButton source={sourceOfDraft(source, camera.source)} cameraId={camera.id} onIncomplete={editing.tell} />
    </Panel>
  );
};

const SaveBar = ({ camera, editing }: { camera: Camera; editing: Editing }) => (
  <div class="save-bar">
    {editing.task.problem && (
      <ProblemBox message={editing.task.problem.message} action={editing.task.problem.action}>
        {editing.task.problem.kind.startsWith('camera-') && (
          <Button small onClick={() => editing.save(true)}>
            {text.saveAnyway}
          </Button>
        )}
      </ProblemBox>
    )}
    <div class="row">
      <Button look="primary" type="submit" busy={editing.task.isBusy} disabled={!editing.isChanged}>
        {editing.task.isBusy ? words.saving : words.save}
      </Button>
      {editing.isChanged ? (
        <Button look="ghost" onClick={editing.discard}>
          {text.discard}
        </Button>
      ) : (
        <LinkButton look="ghost" href={`/cameras/${encodeURIComponent(camera.id)}`}>
          {words.cancel}
        </LinkButton>
      )}
      {editing.isChanged && <span class="quiet">{text.unsaved}</span>}
    </div>
  </div>
);

const hasControls = ({ source }: Camera) => source.kind === 'usb' || (source.kind === 'rtsp' && source.onvifUrl !== undefined);

const EditForm = ({ camera }: { camera: Camera }) => {
  const editing = useDraft(camera);
  return (
    <Page
      title={text.editTitle(camera.name)}
      product={words.product}
      width="narrow"
      before={<BackLink href={`/cameras/${encodeURIComponent(camera.id)}`} label={camera.name} />}
    >
      <form
        class="stack stack-wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          editing.save(false);
        }}
      >
        <GeneralSection camera={camera} editing={editing} />
        <SourceSection camera={camera} editing={editing} />
        <RecordingSection camera={camera} editing={editing} />
        <RetentionSection editing={editing} />
        <MotionSection camera={camera} editing={editing} />
        {editing.draft.source.kind === 'rtsp' && <NoticesSection editing={editing} />}
        <TimeLapseSection camera={camera} editing={editing} />
        <SaveBar camera={camera} editing={editing} />
      </form>
      {hasControls(camera) && <ControlsSection camera={camera} />}
      <RemoveSection camera={camera} />
    </Page>
  );
};

/** Waits for the list of cameras; the form then keeps its own draft whatever the stream says. */
export const EditCamera = () => {
  const { params } = useRoute();
  const { cameras } = usePortal();
  const camera = cameras.find(params['id'] ?? '');
  if (camera) return <EditForm key={camera.id} camera={camera} />;
  if (cameras.list.value.value) return <NotFound />;
  return (
    <Page title={words.camera.edit} product={words.product}>
      <Loading label={words.loading} />
    </Page>
  );
};
