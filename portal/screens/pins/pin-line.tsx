import { Pencil, Zap } from 'lucide';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Chip } from '../../parts/panel.tsx';
import type { Pin, PinUse } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { useTask } from '../use-task.ts';

const text = words.pins;

/** To try an output, and to switch it for longer. */
const OutputButtons = ({ pin, use }: { pin: Pin; use: PinUse }) => {
  const { pins, notices } = usePortal();
  const task = useTask();
  const act = async (request: ReturnType<typeof pins.test>, done: string | null) => {
    const problem = problemOf(await request);
    if (problem) notices.bad(problem.message);
    else if (done) notices.good(done);
    return problem;
  };
  return (
    <>
      <Button
        small
        icon={Zap}
        busy={task.isBusy}
        title={text.testHint(use.name)}
        onClick={() => void task.run(() => act(pins.test(pin.line), text.tested(use.name)))}
      >
        {text.test}
      </Button>
      <Button small pressed={pin.active === true} onClick={() => void task.run(() => act(pins.switch(pin.line, !pin.active), null))}>
        {pin.active ? text.turnOff : text.turnOn}
      </Button>
    </>
  );
};

const State = ({ pin }: { pin: Pin }) => {
  if (pin.use) {
    const state = text.stateOf(pin.use.direction === 'input', pin.active);
    return (
      <Chip dot tone={pin.active ? 'motion' : 'neutral'}>
        {state}
      </Chip>
    );
  }
  return <Chip>{pin.owner === null ? text.isFree : text.ownedBy(pin.owner)}</Chip>;
};

/** One pin: where it is, what it is for, how it is. */
export const PinLine = ({ pin, onEdit }: { pin: Pin; onEdit: () => void }) => {
  const name = text.gpio(pin.line);
  const isTaken = !pin.use && (pin.owner !== null || pin.problem !== null);
  return (
    <li class="pin-line">
      <div class="pin-what">
        <strong>{pin.use ? `${pin.use.name} · ${name}` : name}</strong>
        <small class="quiet">
          {pin.use ? `${text.kinds[pin.use.kind]}, ` : ''}
          {text.place(pin.headerPin)}
          {pin.alsoKnownAs ? `, ${pin.alsoKnownAs}` : ''}
        </small>
        {pin.problem && (
          <small class="pin-problem">
            {pin.problem.message} {pin.problem.action}
          </small>
        )}
      </div>
      <State pin={pin} />
      <div class="row pin-acts">
        {pin.use?.direction === 'output' && <OutputButtons pin={pin} use={pin.use} />}
        {!isTaken && (
          <Button small look="ghost" icon={Pencil} title={pin.use ? text.editOf(name) : text.useOf(name)} onClick={onEdit}>
            {pin.use ? text.edit : text.use}
          </Button>
        )}
      </div>
    </li>
  );
};
