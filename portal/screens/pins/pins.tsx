import { CircuitBoard } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Page } from '../../parts/page.tsx';
import { Empty, Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { Pin } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { BackLink } from '../back-link.tsx';
import { PinDialog } from './pin-dialog.tsx';
import { PinLine } from './pin-line.tsx';
import '../../style/pins.css';

const text = words.pins;

const PinLists = ({ pins }: { pins: readonly Pin[] }) => {
  const [chosen, setChosen] = useState<number | null>(null);
  const used = pins.filter((pin) => pin.use !== null);
  const others = pins.filter((pin) => pin.use === null);
  const edited = pins.find((pin) => pin.line === chosen);
  const linesOf = (list: readonly Pin[]) => (
    <ul class="pin-lines">
      {list.map((pin) => (
        <PinLine key={pin.line} pin={pin} onEdit={() => setChosen(pin.line)} />
      ))}
    </ul>
  );
  return (
    <>
      <Panel title={text.used} icon={CircuitBoard}>
        {used.length === 0 ? <p class="quiet">{text.nothingUsed}</p> : linesOf(used)}
      </Panel>
      <Panel title={text.free}>{linesOf(others)}</Panel>
      {edited && <PinDialog pin={edited} onClose={() => setChosen(null)} />}
    </>
  );
};

/** Every pin of the board, as it is now. */
export const PinsScreen = () => {
  const { pins } = usePortal();
  const { value, problem } = pins.board.value;
  useEffect(() => void pins.load(), [pins]);
  return (
    <Page title={text.title} product={words.product} width="narrow" before={<BackLink href="/system" label={text.back} />}>
      <div class="stack stack-wide">
        <p class="quiet">
          {text.intro} {value?.chip && value.through && `${text.through(value.chip, value.through)}.`}
        </p>
        {problem && <ProblemBox message={problem.message} action={problem.action} />}
        {!value && !problem && <Loading label={words.loading} />}
        {value?.chip === null && <Empty icon={CircuitBoard} title={text.noneTitle} text={text.noneText} />}
        {value && value.chip !== null && <PinLists pins={value.pins} />}
      </div>
    </Page>
  );
};
