import type { Event, Recording } from '../api/api.ts';

/** One line of the list of a day: a recording with what happened in it, or an event of which nothing was recorded. */
export interface DayRow {
  key: string;
  startMs: number;
  cameraId: string | null;
  recording: Recording | null;
  events: readonly Event[];
}

export type DayShow = 'all' | 'events' | 'recordings' | 'protected';

const byNewest = (a: DayRow, b: DayRow) => b.startMs - a.startMs || (a.key < b.key ? 1 : -1);

const recordingRow = (recording: Recording, events: readonly Event[]): DayRow => ({
  key: recording.id,
  startMs: Date.parse(recording.start),
  cameraId: recording.cameraId,
  recording,
  events,
});

const eventRow = (event: Event, recording: Recording | null): DayRow => ({
  key: event.id,
  startMs: Date.parse(event.start),
  cameraId: event.cameraId,
  recording,
  events: [event],
});

/** Newest first. An event belongs to the recording it names; with `events` each one has its own line. */
export const dayRows = (recordings: readonly Recording[], events: readonly Event[], show: DayShow): DayRow[] => {
  const known = new Map(recordings.map((recording) => [recording.id, recording]));
  if (show === 'events') return events.map((event) => eventRow(event, known.get(event.recordingId ?? '') ?? null)).sort(byNewest);
  const eventsIn = Map.groupBy(events, (event) => (event.recordingId && known.has(event.recordingId) ? event.recordingId : ''));
  const rows = recordings
    .filter((recording) => show !== 'protected' || recording.protected)
    .map((recording) => recordingRow(recording, eventsIn.get(recording.id) ?? []));
  const alone = show === 'all' ? (eventsIn.get('') ?? []).map((event) => eventRow(event, null)) : [];
  return [...rows, ...alone].sort(byNewest);
};

export interface RowSummary {
  bestScore: number | null;
  zones: string[];
  motionCount: number;
  /** What the camera itself noticed, each once; empty when the row is of that alone. */
  noticed: Event['kind'][];
}

export const summarize = (row: DayRow): RowSummary => {
  const scores = row.events.flatMap((event) => (event.score === null ? [] : [event.score]));
  return {
    bestScore: scores.length > 0 ? Math.max(...scores) : null,
    zones: [...new Set(row.events.flatMap((event) => event.zones))],
    motionCount: row.events.filter((event) => event.kind === 'motion').length,
    noticed: row.events.length > 1 ? [...new Set(row.events.map(({ kind }) => kind).filter((kind) => kind.startsWith('noticed.')))] : [],
  };
};
