import { Camera as CameraIcon, Circle, Download, Image, Images, RefreshCw, ScanSearch, Settings, Square } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ErrorBoundary, lazy, useRoute } from 'preact-iso';
import { length } from '../format/amounts.ts';
import { words } from '../format/words.ts';
import { Button, LinkButton } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Panel, ProblemBox } from '../parts/panel.tsx';
import { Loading } from '../parts/spinner.tsx';
import type { Camera } from '../store/model.ts';
import { usePortal } from '../store/portal.ts';
import { problemOf } from '../store/problem.ts';
import { BackLink } from './back-link.tsx';
import { CameraFacts } from './camera-facts.tsx';
import { LatestEvents } from './latest-events.tsx';
import { CameraMarks } from './live/camera-marks.tsx';
import { LiveView } from './live/live-view.tsx';
import { useTask } from './use-task.ts';

/** Few cameras turn or have outputs; those without ONVIF load nothing of it. */
const PtzSection = lazy(() => import('./ptz-section.tsx').then((module) => module.PtzSection));
const RelaySection = lazy(() => import('./relay-section.tsx').then((module) => module.RelaySection));

const text = words.camera;
const manualMs = 60_000;

/** Starts a recording by hand; while it lasts the button ends it. */
const RecordButton = ({ camera }: { camera: Camera }) => {
  const { cameras, notices, clock } = usePortal();
  const [isOn, setOn] = useState(false);
  const cancelEnd = useRef<(() => void) | null>(null);
  const task = useTask();
  useEffect(() => () => cancelEnd.current?.(), []);
  const begin = async () => {
    const problem = problemOf(await cameras.record(camera.id, manualMs));
    if (problem) return problem;
    setOn(true);
    cancelEnd.current?.();
    cancelEnd.current = clock.after(manualMs, () => setOn(false));
    notices.good(text.recordStarted(length(manualMs)));
    return null;
  };
  const end = async () => {
    const problem = problemOf(await cameras.stopRecording(camera.id));
    if (problem) return problem;
    cancelEnd.current?.();
    setOn(false);
    notices.good(text.recordStopped);
    return null;
  };
  const act = async () => {
    const problem = await (isOn ? end() : begin());
    if (problem) notices.problem(problem);
    return problem;
  };
  return (
    <Button icon={isOn ? Square : Circle} look={isOn ? 'danger' : 'plain'} busy={task.isBusy} onClick={() => void task.run(act)}>
      {isOn ? text.recordStop : text.record}
    </Button>
  );
};

const Help = ({ camera }: { camera: Camera }) => {
  const { cameras, notices } = usePortal();
  const task = useTask();
  const { problem } = camera.status;
  if (camera.state !== 'offline' || !problem) return null;
  const restart = async () => {
    const failed = problemOf(await cameras.restart(camera.id));
    if (failed) notices.problem(failed);
    return failed;
  };
  return (
    <ProblemBox message={problem.message} action={problem.action}>
      <Button small icon={RefreshCw} busy={task.isBusy} onClick={() => void task.run(restart)}>
        {text.restart}
      </Button>
    </ProblemBox>
  );
};

interface CameraActionsProps {
  camera: Camera;
  showDetector: boolean;
  onDetector(show: boolean): void;
}

/** What can be done with a camera that delivers. */
const CameraActions = ({ camera, showDetector, onDetector }: CameraActionsProps) => {
  const { addresses } = usePortal();
  const file = `${camera.name}.jpg`;
  return (
    <div class="row">
      <RecordButton camera={camera} />
      <LinkButton href={addresses.snapshot(camera.id)} icon={Download} download={file}>
        {text.snapshot}
      </LinkButton>
      {camera.source.kind === 'pi' && (
        <LinkButton href={addresses.still(camera.id)} icon={Image} title={text.fullSizeHint} download={file}>
          {text.fullSize}
        </LinkButton>
      )}
      <Button icon={ScanSearch} pressed={showDetector} title={text.detector} onClick={() => onDetector(!showDetector)}>
        {text.detectorShort}
      </Button>
    </div>
  );
};

const CameraPage = ({ camera }: { camera: Camera }) => {
  const [showDetector, setShowDetector] = useState(false);
  const isOnline = camera.state === 'online';
  return (
    <Page
      title={camera.name}
      product={words.product}
      before={<BackLink />}
      beside={
        <span class="row">
          <CameraMarks camera={camera} />
        </span>
      }
      actions={
        <>
          {camera.timeLapse.enabled && (
            <LinkButton href={`/cameras/${encodeURIComponent(camera.id)}/time-lapse`} icon={Images}>
              {words.lapse.title}
            </LinkButton>
          )}
          <LinkButton href={`/cameras/${encodeURIComponent(camera.id)}/edit`} icon={Settings}>
            {text.edit}
          </LinkButton>
        </>
      }
    >
      <div class="camera-layout">
        <div class="stack">
          <LiveView camera={camera} size="large" showDetector={showDetector} />
          {isOnline && <CameraActions camera={camera} showDetector={showDetector} onDetector={setShowDetector} />}
          <Help camera={camera} />
          {camera.status.notes.map((note) => (
            <ProblemBox key={note} tone="note" message={text.notes} action={note} />
          ))}
        </div>
        <div class="stack">
          {isOnline && camera.source.kind === 'rtsp' && camera.source.onvifUrl && (
            <>
              <ErrorBoundary>
                <PtzSection cameraId={camera.id} />
              </ErrorBoundary>
              <ErrorBoundary>
                <RelaySection cameraId={camera.id} />
              </ErrorBoundary>
            </>
          )}
          <LatestEvents cameraId={camera.id} />
          <Panel title={text.stream}>
            <CameraFacts camera={camera} />
          </Panel>
        </div>
      </div>
    </Page>
  );
};

export const CameraScreen = () => {
  const { params } = useRoute();
  const { cameras } = usePortal();
  const camera = cameras.find(params['id'] ?? '');
  if (camera) return <CameraPage key={camera.id} camera={camera} />;
  const { value, problem } = cameras.list.value;
  return (
    <Page title={text.overview} product={words.product} before={<BackLink />}>
      {!value && !problem && <Loading label={words.loading} />}
      {!value && problem && <ProblemBox message={problem.message} action={problem.action} />}
      {value && (
        <Empty icon={CameraIcon} title={words.notFound.title} text={text.missing}>
          <LinkButton href="/" look="primary">
            {words.notFound.back}
          </LinkButton>
        </Empty>
      )}
    </Page>
  );
};
