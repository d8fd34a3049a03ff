import { Power, PowerOff, Zap } from 'lucide';
import { useEffect } from 'preact/hooks';
import { words } from '../format/words.ts';
import { Button } from '../parts/button.tsx';
import { Panel, ProblemBox } from '../parts/panel.tsx';
import type { Relay } from '../store/model.ts';
import { usePortal } from '../store/portal.ts';
import { problemOf } from '../store/problem.ts';
import { useTask } from './use-task.ts';
import '../style/found.css';

const text = words.found.relays;
const pulseMs = 1_000;

const stateOf = ({ on }: Relay) => (on === null ? text.state.unknown : on ? text.state.on : text.state.off);

const RelayLine = ({ cameraId, relay }: { cameraId: string; relay: Relay }) => {
  const { relays, notices } = usePortal();
  const task = useTask();
  const { id, mode } = relay;
  const switchTo = (on: boolean) => task.run(async () => problemOf(await relays.switch(cameraId, id, on)));
  const pulse = () =>
    task.run(async () => {
      const problem = problemOf(await relays.pulse(cameraId, id, pulseMs));
      if (!problem) notices.good(text.done(id));
      return problem;
    });
  return (
    <li class="stack">
      <span>
        <strong>{text.name(id)}</strong> {mode === 'switch' && <small class="quiet">{stateOf(relay)}</small>}
      </span>
      <div class="row">
        {mode === 'switch' && (
          <>
            <Button
              small
              icon={Power}
              title={text.onOf(id)}
              pressed={relay.on === true}
              busy={task.isBusy}
              onClick={() => void switchTo(true)}
            >
              {text.on}
            </Button>
            <Button
              small
              icon={PowerOff}
              title={text.offOf(id)}
              pressed={relay.on === false}
              busy={task.isBusy}
              onClick={() => void switchTo(false)}
            >
              {text.off}
            </Button>
          </>
        )}
        <Button small icon={Zap} title={text.pulseOf(id)} busy={task.isBusy} onClick={() => void pulse()}>
          {text.pulse}
        </Button>
      </div>
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
    </li>
  );
};

/** What is wired to a camera is switched here; nothing is shown for one without outputs. */
export const RelaySection = ({ cameraId }: { cameraId: string }) => {
  const { relays } = usePortal();
  const { value } = relays.list.value;
  useEffect(() => void relays.load(cameraId), [relays, cameraId]);
  if (!value || value.length === 0) return null;
  return (
    <Panel title={text.title}>
      <p class="quiet">{text.lead}</p>
      <ul class="relays">
        {value.map((relay) => (
          <RelayLine key={relay.id} cameraId={cameraId} relay={relay} />
        ))}
      </ul>
    </Panel>
  );
};
