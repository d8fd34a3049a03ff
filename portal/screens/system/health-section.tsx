import type { IconNode } from 'lucide';
import { CircleCheck, CircleX, HeartPulse, Info, RefreshCw, TriangleAlert } from 'lucide';
import { words } from '../../format/words.ts';
import { IconButton } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { HealthCheck } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';

const text = words.system;
const icons: Readonly<Record<HealthCheck['level'], IconNode>> = { ok: CircleCheck, note: Info, warning: TriangleAlert, failed: CircleX };
const urgency = { failed: 0, warning: 1, note: 2, ok: 3 } as const;

const Check = ({ check }: { check: HealthCheck }) => (
  <li class={`check-line level-${check.level}`}>
    <Icon of={icons[check.level]} label={text.levels[check.level]} />
    <div>
      <p>{check.message}</p>
      {check.action && (
        <p class="quiet">
          <strong>{text.whatToDo}</strong> {check.action}
        </p>
      )}
    </div>
  </li>
);

/** What is not in order first, each with what to do; the rest folded away. */
export const HealthSection = () => {
  const { system } = usePortal();
  const { value, problem } = system.health.value;
  const checks = [...(value?.checks ?? [])].sort((a, b) => urgency[a.level] - urgency[b.level]);
  const open = checks.filter((check) => check.level !== 'ok');
  const fine = checks.filter((check) => check.level === 'ok');
  return (
    <Panel
      title={text.health}
      icon={HeartPulse}
      aside={<IconButton small icon={RefreshCw} label={text.checkAgain} onClick={() => void system.loadHealth()} />}
    >
      {problem && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && <Loading label={words.loading} />}
      {value && open.length === 0 && <ProblemBox tone="good" message={text.allWell} />}
      {open.length > 0 && (
        <ul class="check-lines">
          {open.map((check) => (
            <Check key={check.id} check={check} />
          ))}
        </ul>
      )}
      {fine.length > 0 && (
        <details class="fold">
          <summary>{text.checksOk(fine.length)}</summary>
          <ul class="check-lines">
            {fine.map((check) => (
              <Check key={check.id} check={check} />
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
};
