import { CalendarX, SearchX, Trash2 } from 'lucide';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DayAddress } from '../../format/day-address.ts';
import { words } from '../../format/words.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/panel.tsx';
import type { DayContent } from '../../store/day.ts';
import { type DayRow, dayRows } from '../../store/day-rows.ts';
import type { Recording } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { DayRowLine } from './day-row.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import '../../style/day-list.css';

const text = words.day;
const pageSize = 60;

interface DayListProps {
  content: DayContent;
  address: DayAddress;
  /** What plays now. */
  playing: { cameraId: string; ms: number } | null;
  onPlay: (ms: number, cameraId: string | null) => void;
  onDay: (day: string) => void;
  onShowAll: () => void;
}

const NothingHere = ({ content, address, onDay, onShowAll }: Pick<DayListProps, 'content' | 'address' | 'onDay' | 'onShowAll'>) => {
  const { day: store, time } = usePortal();
  const isFiltered = content.recordings.length + content.events.length > 0 || address.camera !== null;
  const earlier = (store.days.value.value ?? []).filter((day) => day < address.day).sort();
  const last = earlier.at(-1);
  if (isFiltered)
    return (
      <Empty icon={SearchX} title={text.noMatchTitle} text={text.noMatchText}>
        <Button onClick={onShowAll}>{text.kinds.all}</Button>
      </Empty>
    );
  return (
    <Empty icon={CalendarX} title={text.noRecordingsTitle} text={text.noRecordingsText}>
      {last && <Button onClick={() => onDay(last)}>{text.lastDay(time.value.dayLabel(last))}</Button>}
    </Empty>
  );
};

/** Which recordings are chosen. Forgets those that are gone. */
const useSelection = (rows: readonly DayRow[]) => {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const selectable = rows.flatMap((row) => (row.recording && row.key === row.recording.id ? [row.recording] : []));
  const selected = selectable.filter((recording) => chosen.has(recording.id));
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return { selected, choose, clear: () => setChosen(new Set()), isChosen: (id: string) => chosen.has(id) };
};

export const DayList = ({ content, address, playing, onPlay, onDay, onShowAll }: DayListProps) => {
  const rows = useMemo(() => dayRows(content.recordings, content.events, address.kind), [content, address.kind]);
  const [most, setMost] = useState(pageSize);
  const [toDelete, setToDelete] = useState<readonly Recording[]>([]);
  const selection = useSelection(rows);
  const section = useRef<HTMLElement>(null);
  useEffect(() => setMost(pageSize), [address.day, address.camera, address.kind]);
  if (rows.length === 0) return <NothingHere content={content} address={address} onDay={onDay} onShowAll={onShowAll} />;
  return (
    <section ref={section} class="day-list" aria-label={text.listLabel} tabIndex={-1}>
      {selection.selected.length > 0 && (
        <div class="selection-bar">
          <strong class="tabular" role="status">
            {text.selected(selection.selected.length)}
          </strong>
          <span class="row">
            <Button small look="ghost" onClick={selection.clear}>
              {text.clearSelection}
            </Button>
            <Button small look="danger" icon={Trash2} onClick={() => setToDelete(selection.selected)}>
              {text.remove}
            </Button>
          </span>
        </div>
      )}
      <ul>
        {rows.slice(0, most).map((row) => (
          <DayRowLine
            key={row.key}
            row={row}
            showCamera={address.camera === null}
            isPlaying={playing?.cameraId === row.cameraId && isWithin(row, playing?.ms ?? null)}
            isChosen={row.recording !== null && selection.isChosen(row.recording.id)}
            onChoose={selection.choose}
            onPlay={onPlay}
            onDelete={(recording) => setToDelete([recording])}
          />
        ))}
      </ul>
      {rows.length > most && <Button onClick={() => setMost(most + pageSize)}>{text.more}</Button>}
      {toDelete.length > 0 && (
        <DeleteDialog
          recordings={toDelete}
          onClose={(isDone) => {
            setToDelete([]);
            if (!isDone) return;
            selection.clear();
            // The button that asked for it goes with what it deleted; with the keyboard one goes on from the list.
            requestAnimationFrame(() => section.current?.focus());
          }}
        />
      )}
    </section>
  );
};

const isWithin = ({ recording, startMs }: DayRow, ms: number | null): boolean =>
  recording !== null && ms !== null && ms >= startMs && ms < startMs + recording.durationMs;
