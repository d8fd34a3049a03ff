import { PackageCheck, Power, RefreshCw, RotateCw } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { UpdateStatus } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import type { MachineCommand } from '../../store/updates.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useTask } from '../use-task.ts';

const text = words.update;
/** While something is downloaded people watch the number. */
const refreshMs = 5_000;

const State = ({ status }: { status: UpdateStatus }) => {
  const { state, progressPercent } = status;
  if (state !== 'downloading' || progressPercent === null) return <p role="status">{text.state[state]}</p>;
  return (
    <div class="stack">
      <p role="status">{text.downloadingPercent(progressPercent)}</p>
      <progress class="download" max={100} value={progressPercent} aria-label={text.progress} />
    </div>
  );
};

const tones = { 'on-trial': 'note', worked: 'good', failed: 'bad', 'going-back': 'bad', 'rolled-back': 'note' } as const;

/** Did the update work? */
const LastUpdate = ({ status: { lastUpdate, state } }: { status: UpdateStatus }) => {
  const { time } = usePortal();
  if (!lastUpdate) return state === 'package' ? null : <p class="quiet">{text.noneYet}</p>;
  const { outcome, fromVersion, toVersion, started, message, action } = lastUpdate;
  return (
    <div class="stack">
      <h3>{text.didItWork}</h3>
      <ProblemBox tone={tones[outcome]} message={text.outcome[outcome](fromVersion, toVersion)} action={message}>
        {action && (
          <p>
            <strong>{words.system.whatToDo}</strong> {action}
          </p>
        )}
        <p class="quiet">{text.since(time.value.dateTime(Date.parse(started)))}</p>
      </ProblemBox>
    </div>
  );
};

const AskDialog = ({ command, onClose }: { command: MachineCommand; onClose: () => void }) => {
  const { system, notices } = usePortal();
  const { updates } = system;
  const ask = text.ask[command];
  const go = async () => {
    const problem = await updates.command(command);
    if (problem) return problem;
    notices.good(ask.done);
    onClose();
    return null;
  };
  return (
    <ConfirmDialog title={ask.title} goLabel={text[command]} tone="primary" go={go} onClose={onClose}>
      <p>{ask.text}</p>
    </ConfirmDialog>
  );
};

const Commands = ({ status }: { status: UpdateStatus }) => {
  const { system, notices } = usePortal();
  const { updates } = system;
  const [asked, setAsked] = useState<MachineCommand | null>(null);
  const task = useTask();
  const look = async () => {
    const problem = await updates.look();
    if (!problem) notices.good(text.looking);
    return problem;
  };
  return (
    <>
      {task.problem && <ProblemBox message={task.problem.message} action={task.problem.action} />}
      <div class="row">
        <Button small icon={RefreshCw} busy={task.isBusy} onClick={() => void task.run(look)}>
          {status.refusedVersion === null ? text.look : text.tryAgain(status.refusedVersion)}
        </Button>
        <Button small icon={RotateCw} onClick={() => setAsked('restart')}>
          {text.restart}
        </Button>
        <Button small icon={RotateCw} onClick={() => setAsked('reboot')}>
          {text.reboot}
        </Button>
        <Button small look="danger" icon={Power} onClick={() => setAsked('shutdown')}>
          {text.shutdown}
        </Button>
      </div>
      {asked && <AskDialog command={asked} onClose={() => setAsked(null)} />}
    </>
  );
};

/** Which release runs, what comes, whether the last one worked, and the buttons of the machine. */
export const UpdateSection = () => {
  const { system, clock } = usePortal();
  const { updates } = system;
  const { value, problem } = updates.status.value;
  useEffect(() => {
    const load = () => {
      if (!document.hidden) void updates.load();
    };
    load();
    return clock.every(refreshMs, load);
  }, [updates, clock]);
  return (
    <Panel title={text.title} icon={PackageCheck}>
      {problem && !value && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && <Loading label={words.loading} />}
      {value && (
        <>
          <p>
            <strong>{text.release(value.version)}</strong>{' '}
            {value.operatingSystem && <span class="quiet">{text.operatingSystem(value.operatingSystem)}</span>}
          </p>
          <State status={value} />
          <LastUpdate status={value} />
          {value.canCommand && <Commands status={value} />}
        </>
      )}
    </Panel>
  );
};
