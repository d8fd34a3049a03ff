import { CircleCheck, RefreshCw, TriangleAlert, Usb } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { bytes } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { diskWords as text } from '../../format/words-disks.ts';
import { Button } from '../../parts/button.tsx';
import { Chip, Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { Disk, RecordingPlace } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { EraseDialog, KeepDialog, nameOf } from './recording-place-dialogs.tsx';

/** A device that has not gone away by then is not going to. */
const startsWithinMs = 60_000;
/** A list that has not come by then may never come. */
const listedWithinMs = 10_000;

type Question = { about: 'keep'; disk: Disk | null } | { about: 'erase'; disk: Disk };
type Ask = (question: Question) => void;

interface Mark {
  text: string;
  tone: 'accent' | 'warn';
}

/** What the place with this id is to the recordings, as far as it is anything. */
const useMark = ({ volumeId, isThere }: RecordingPlace, id: string | null): Mark | null => {
  const startsAnew = usePortal().system.disks.startsAnew.value;
  if (startsAnew) return startsAnew.volumeId === id ? { text: text.willBeChosen, tone: 'accent' } : null;
  if (volumeId !== id) return null;
  return id === null || isThere ? { text: text.isChosen, tone: 'accent' } : { text: text.notInUse, tone: 'warn' };
};

interface LineProps {
  title: string;
  facts: string;
  mark: Mark | null;
  note?: string | null;
  children: ComponentChildren;
}

const Line = ({ title, facts, mark, note, children }: LineProps) => (
  <li class="place-line" aria-current={mark !== null || undefined}>
    <div>
      <strong>{title}</strong>
      <small>{facts}</small>
      {mark && (
        <Chip tone={mark.tone} icon={mark.tone === 'warn' ? TriangleAlert : CircleCheck}>
          {mark.text}
        </Chip>
      )}
      {note && <small>{note}</small>}
    </div>
    {children}
  </li>
);

const KeepButton = ({ place, disabled, onClick }: { place: string; disabled: boolean; onClick: () => void }) => (
  <Button small title={text.keepHint(place)} disabled={disabled} onClick={onClick}>
    {text.keep}
  </Button>
);

const noteOn = ({ answers, volumeId }: Disk, mark: Mark | null): string | null => {
  if (!answers) return text.doesNotAnswer;
  if (volumeId === null) return text.needsErasing;
  return mark?.tone === 'warn' ? text.notInUseText : null;
};

interface DiskLineProps {
  disk: Disk;
  place: RecordingPlace;
  ask: Ask;
}

const DiskLine = ({ disk, place, ask }: DiskLineProps) => {
  const { erasing, startsAnew } = usePortal().system.disks;
  const marked = useMark(place, disk.volumeId);
  const mark = disk.volumeId === null ? null : marked;
  const isErasing = erasing.value === disk.id;
  const isOtherErasing = erasing.value !== null && !isErasing;
  const found = disk.content ?? (disk.answers ? text.empty : null);
  const facts = [bytes(disk.sizeBytes), ...(found === null ? [] : [found])].join(', ');
  return (
    <Line title={nameOf(disk)} facts={facts} mark={mark} note={noteOn(disk, mark)}>
      {disk.answers && !mark && !startsAnew.value && (
        <div class="row">
          {disk.volumeId !== null && (
            <KeepButton place={nameOf(disk)} disabled={erasing.value !== null} onClick={() => ask({ about: 'keep', disk })} />
          )}
          <Button
            small
            look="danger"
            title={text.eraseHint(nameOf(disk))}
            busy={isErasing}
            disabled={isOtherErasing}
            onClick={() => ask({ about: 'erase', disk })}
          >
            {isErasing ? text.erasing : text.erase}
          </Button>
        </div>
      )}
    </Line>
  );
};

const Places = ({ place, ask }: { place: RecordingPlace; ask: Ask }) => {
  const { startsAnew, erasing } = usePortal().system.disks;
  const list = useRef<HTMLUListElement>(null);
  const { volumeId, isThere, disks } = place;
  const isWaiting = startsAnew.value !== null;
  const ownMark = useMark(place, null);
  const isGone = volumeId !== null && !isThere && !disks.some((disk) => disk.volumeId === volumeId);
  // The button that was pressed is gone by then, and the keyboard with it.
  useEffect(() => {
    if (isWaiting) list.current?.focus();
  }, [isWaiting]);
  return (
    <>
      {isGone && !isWaiting && <ProblemBox message={text.gone} action={text.goneText} />}
      <ul class="token-lines" aria-label={text.places} tabIndex={-1} ref={list}>
        <Line title={text.ownCard} facts={text.ownCardText} mark={ownMark}>
          {!ownMark && !isWaiting && (
            <div class="row">
              <KeepButton place={text.theOwnCard} disabled={erasing.value !== null} onClick={() => ask({ about: 'keep', disk: null })} />
            </div>
          )}
        </Line>
        {disks.map((disk) => (
          <DiskLine key={disk.id} disk={disk} place={place} ask={ask} />
        ))}
      </ul>
    </>
  );
};

const LookButton = () => {
  const { disks } = usePortal().system;
  return (
    <Button small icon={RefreshCw} busy={disks.place.value.loading} onClick={() => void disks.load()}>
      {text.look}
    </Button>
  );
};

const Waiting = () => <ProblemBox tone="note" message={text.waiting} action={text.waitingText} />;

/** Where nothing is known of any disk: it may be the very disk with the recordings that hangs. */
const WayBack = () => {
  const { disks } = usePortal().system;
  const [isAsked, setIsAsked] = useState(false);
  if (disks.startsAnew.value) return <Waiting />;
  return (
    <>
      <p class="quiet">{text.unknown}</p>
      <div class="row">
        <Button small onClick={() => setIsAsked(true)}>
          {text.keepOnCard}
        </Button>
        <LookButton />
      </div>
      {isAsked && <KeepDialog disk={null} onClose={() => setIsAsked(false)} />}
    </>
  );
};

const Choice = ({ place }: { place: RecordingPlace }) => {
  const { disks } = usePortal().system;
  const [question, setQuestion] = useState<Question | null>(null);
  const close = () => setQuestion(null);
  const eraseProblem = disks.eraseProblem.value;
  return (
    <>
      <p class="quiet">{place.unavailable ?? text.text}</p>
      {disks.startsAnew.value && <Waiting />}
      {eraseProblem && <ProblemBox message={eraseProblem.message} action={eraseProblem.action} />}
      <Places place={place} ask={setQuestion} />
      {!disks.startsAnew.value && (
        <div class="row row-between">
          <p class="quiet" role="status">
            {place.unavailable === null && text.others(place.disks.length)}
          </p>
          <LookButton />
        </div>
      )}
      {question?.about === 'keep' && <KeepDialog disk={question.disk} onClose={close} />}
      {question?.about === 'erase' && <EraseDialog disk={question.disk} onClose={close} />}
    </>
  );
};

/** A disk that was chosen can be left again, also where no other can be used. */
const isChoice = ({ unavailable, volumeId }: RecordingPlace): boolean => unavailable === null || volumeId !== null;

/** On which disk recordings are kept, and the way to keep them on another. */
export const RecordingPlaceSection = () => {
  const { system, connection, clock } = usePortal();
  const { disks } = system;
  const { value, problem } = disks.place.value;
  const isLost = connection.state.value.phase === 'lost';
  const isWaiting = disks.startsAnew.value !== null;
  const [isLate, setIsLate] = useState(false);
  useEffect(() => void disks.load(), [disks]);
  useEffect(() => clock.after(listedWithinMs, () => setIsLate(true)), [clock]);
  useEffect(() => (isWaiting ? clock.after(startsWithinMs, () => void disks.load()) : undefined), [disks, clock, isWaiting]);
  return (
    <Panel title={text.title} icon={Usb}>
      {/* While nothing is answered, the page says so elsewhere. */}
      {problem && !isLost && !isWaiting && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && !isWaiting && <Loading label={words.loading} />}
      {!value && (problem || isLate || isWaiting) && !isLost && <WayBack />}
      {value && (isChoice(value) ? <Choice place={value} /> : <p class="quiet">{value.unavailable}</p>)}
    </Panel>
  );
};
