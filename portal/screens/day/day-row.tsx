import { Download, Lock, LockOpen, Play, Trash2 } from 'lucide';
import { bytes, length, percent } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { IconButton } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Chip } from '../../parts/panel.tsx';
import { type DayRow, summarize } from '../../store/day-rows.ts';
import type { Recording } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { eventIcons } from '../event-icons.ts';

const text = words.day;

interface DayRowLineProps {
  row: DayRow;
  showCamera: boolean;
  isPlaying: boolean;
  isChosen: boolean;
  onChoose: (id: string, isChosen: boolean) => void;
  onPlay: (ms: number, cameraId: string | null) => void;
  onDelete: (recording: Recording) => void;
}

const titleOf = ({ recording, events }: DayRow): string => {
  const [event] = events;
  if (event && (!recording || events.length === 1)) return words.eventKind[event.kind] ?? event.kind;
  return recording ? text.trigger[recording.trigger] : '';
};

const Picture = ({ row }: { row: DayRow }) => {
  const { addresses } = usePortal();
  const withPicture = row.events.find((event) => event.hasPicture);
  const source = withPicture ? addresses.eventPicture(withPicture.id) : row.recording ? addresses.thumbnail(row.recording.id) : null;
  if (source)
    return (
      <img
        src={source}
        alt=""
        width="128"
        height="72"
        loading="lazy"
        onError={(event) => {
          event.currentTarget.hidden = true;
        }}
      />
    );
  const kind = row.events[0]?.kind;
  return kind ? <Icon of={eventIcons[kind]} size={24} /> : null;
};

const Chips = ({ row }: { row: DayRow }) => {
  const { bestScore, zones, motionCount, noticed } = summarize(row);
  const { recording } = row;
  const isPlain = recording?.trigger !== 'manual' && recording?.state !== 'writing' && recording?.clock !== 'approximate';
  if (bestScore === null && zones.length === 0 && noticed.length === 0 && isPlain && !recording?.protected && !recording?.repaired)
    return null;
  return (
    <span class="row row-chips">
      {bestScore !== null && (
        <Chip tone="motion">
          <span aria-hidden="true">{`${motionCount > 1 ? `${motionCount}× · ` : ''}${percent(bestScore)}`}</span>
          <span class="unseen">{text.motionSaid(motionCount, percent(bestScore))}</span>
        </Chip>
      )}
      {noticed.map((kind) => (
        <Chip key={kind} icon={eventIcons[kind]}>
          {words.eventKind[kind]}
        </Chip>
      ))}
      {zones.map((zone) => (
        <Chip key={zone}>{zone}</Chip>
      ))}
      {recording?.trigger === 'manual' && <Chip tone="manual">{text.trigger.manual}</Chip>}
      {recording?.state === 'writing' && (
        <Chip tone="bad" dot>
          {text.writing}
        </Chip>
      )}
      {recording?.protected && (
        <Chip tone="accent" icon={Lock}>
          {text.isProtected}
        </Chip>
      )}
      {recording?.clock === 'approximate' && <Chip tone="warn">{text.approximate}</Chip>}
      {recording?.repaired && <Chip>{text.repaired}</Chip>}
    </span>
  );
};

const Actions = ({ recording, what, onDelete }: { recording: Recording; what: string; onDelete: (recording: Recording) => void }) => {
  const { day: store, addresses, notices } = usePortal();
  const protect = async () => {
    const problem = problemOf(await store.protect(recording.id, !recording.protected));
    if (problem) notices.problem(problem);
  };
  return (
    <fieldset class="day-actions">
      <legend class="unseen">{text.actionsFor(what)}</legend>
      <IconButton
        small
        icon={recording.protected ? Lock : LockOpen}
        label={recording.protected ? text.unprotect : text.protect}
        pressed={recording.protected}
        onClick={() => void protect()}
      />
      <a
        class="button button-ghost button-small button-icon"
        href={addresses.recordingDownload(recording.id)}
        download={recording.fileName}
        aria-label={text.download}
        title={text.download}
      >
        <Icon of={Download} />
      </a>
      <IconButton
        small
        icon={Trash2}
        label={text.remove}
        disabled={recording.protected || recording.state === 'writing'}
        onClick={() => onDelete(recording)}
      />
    </fieldset>
  );
};

export const DayRowLine = ({ row, showCamera, isPlaying, isChosen, onChoose, onPlay, onDelete }: DayRowLineProps) => {
  const { time, cameras } = usePortal();
  const { recording } = row;
  const at = time.value.time(row.startMs);
  const camera = row.cameraId ? (cameras.names.value.get(row.cameraId) ?? recording?.cameraName ?? row.cameraId) : words.event.device;
  const what = `${camera}, ${at}`;
  const isOwn = recording !== null && row.key === recording.id;
  const [event] = row.events;
  const details = [
    recording ? length(recording.durationMs) : null,
    recording && isOwn ? bytes(recording.sizeBytes) : null,
    recording ? null : (event?.message ?? (event?.kind === 'motion' ? text.noRecording : null)),
  ].filter((part) => part !== null);
  return (
    <li class="day-row" data-playing={isPlaying || undefined}>
      {isOwn && (
        <label class="day-check">
          <input
            type="checkbox"
            checked={isChosen}
            aria-label={text.selectOne(what)}
            onChange={(change) => onChoose(recording.id, change.currentTarget.checked)}
          />
        </label>
      )}
      <button
        type="button"
        class="day-open"
        aria-current={isPlaying || undefined}
        disabled={!recording}
        onClick={() => onPlay(row.startMs, row.cameraId)}
      >
        <span class="day-picture">
          <Picture row={row} />
          {recording && <span class="unseen">{text.play}</span>}
          {recording && (
            <span class="day-play">
              <Icon of={Play} />
            </span>
          )}
        </span>
        <span class="day-text">
          <span class="row row-between">
            <strong>{showCamera ? camera : titleOf(row)}</strong>
            <time class="tabular" dateTime={new Date(row.startMs).toISOString()}>
              {at}
            </time>
          </span>
          <small class="tabular">{[showCamera ? titleOf(row) : null, ...details].filter(Boolean).join(' · ')}</small>
          <Chips row={row} />
        </span>
      </button>
      {isOwn && <Actions recording={recording} what={what} onDelete={onDelete} />}
    </li>
  );
};
