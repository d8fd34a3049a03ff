import { ScanSearch } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { pictureSize } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { ProblemBox } from '../../parts/panel.tsx';
import type { CameraSource, ProbeResult } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import type { Problem } from '../../store/problem.ts';

const text = words.editor;

type ProbeState = { kind: 'none' } | { kind: 'busy' } | { kind: 'found'; result: ProbeResult } | { kind: 'failed'; problem: Problem };

const Result = ({ result }: { result: ProbeResult }) => (
  <>
    <ProblemBox tone="good" message={text.probeFound} action={result.summary}>
      {result.subStream && (
        <p>
          {text.probeSub}: {pictureSize(result.subStream.width, result.subStream.height)}
        </p>
      )}
    </ProblemBox>
    {result.warnings.map((warning) => (
      <ProblemBox key={warning} tone="note" message={words.camera.notes} action={warning} />
    ))}
  </>
);

interface ProbeButtonProps {
  source: CameraSource | null;
  /** The saved camera whose source this is. */
  cameraId?: string;
  onIncomplete: () => void;
}

/** Looks at a source without saving it and says what it found. A changed source forgets the answer. */
export const ProbeButton = ({ source, cameraId, onIncomplete }: ProbeButtonProps) => {
  const { cameras } = usePortal();
  const [state, setState] = useState<ProbeState>({ kind: 'none' });
  const running = useRef<AbortController | null>(null);
  const identity = JSON.stringify(source);
  useEffect(() => {
    setState({ kind: 'none' });
    return () => running.current?.abort();
  }, [identity]);
  const probe = async () => {
    if (!source) return onIncomplete();
    const mine = new AbortController();
    running.current = mine;
    setState({ kind: 'busy' });
    const answer = await cameras.probe(source, cameraId, mine.signal);
    if (mine.signal.aborted || answer.kind === 'aborted') return;
    setState(answer.kind === 'ok' ? { kind: 'found', result: answer.value } : { kind: 'failed', problem: answer.problem });
  };
  return (
    <div class="stack">
      <div class="row">
        <Button icon={ScanSearch} busy={state.kind === 'busy'} onClick={() => void probe()}>
          {state.kind === 'busy' ? text.probing : text.probe}
        </Button>
      </div>
      {state.kind === 'found' && <Result result={state.result} />}
      {state.kind === 'failed' && <ProblemBox message={state.problem.message} action={state.problem.action} />}
    </div>
  );
};
