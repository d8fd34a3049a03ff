import type { ReadonlySignal } from '@preact/signals';
import type { Answer, Client, CoverageSpan, Event, Recording, StreamMessage } from '../api/api.ts';
import type { ZonedTime } from '../format/time.ts';
import type { CoverageMark } from '../format/timeline.ts';
import { loaded, loader } from './loaded.ts';

type DayClient = Pick<Client, 'recordings' | 'events' | 'coverage' | 'days' | 'protect' | 'removeRecordings'>;

export interface DayContent {
  recordings: Recording[];
  events: Event[];
  /** Cameras that are gone, of which recordings remain: as they were called last. */
  removedCameras: readonly { id: string; name: string }[];
  /** By camera, those that are gone too. */
  coverage: ReadonlyMap<string, CoverageMark[]>;
  /** More happened than is shown. */
  cut: boolean;
}

const pageSize = 500;
const mostPages = 6;

export interface Wanted {
  day: string;
  camera: string | null;
  /** Whose coverage is drawn. */
  cameras: readonly string[];
}

/** Recordings outlive their camera; newest first, so the first name is the last one it had. */
const removedOf = (recordings: readonly Recording[], known: readonly string[]) => {
  const removed = new Map<string, string>();
  for (const { cameraId, cameraName } of recordings) {
    if (!known.includes(cameraId) && !removed.has(cameraId)) removed.set(cameraId, cameraName);
  }
  return [...removed].map(([id, name]) => ({ id, name }));
};

/** Everything of a day. Pages are followed to their end, within a bound that keeps a phone alive. */
export const createDay = (client: DayClient, time: ReadonlySignal<ZonedTime>) => {
  const content = loaded<DayContent>();
  const days = loaded<string[]>();
  let wanted: Wanted | null = null;

  const load = loader(content, (abort, next: Wanted) => fetchDay(client, time.value, next, abort));
  const loadDays = loader(days, (abort, camera: string | null) => client.days(camera ?? undefined, abort));

  const setRecordings = (change: (recordings: Recording[]) => Recording[]) => {
    const { value } = content.value;
    if (value) content.value = { ...content.value, value: { ...value, recordings: change(value.recordings) } };
  };
  const refresh = () => {
    if (!wanted) return;
    void load(wanted);
    void loadDays(wanted.camera);
  };
  const isWanted = (startIso: string, cameraId: string | null) =>
    wanted !== null && time.value.dayOf(Date.parse(startIso)) === wanted.day && (!wanted.camera || wanted.camera === cameraId);

  return {
    content,
    days,
    want: (next: Wanted) => {
      const same = wanted?.day === next.day && wanted.camera === next.camera;
      wanted = next;
      if (!same) content.value = { value: null, problem: null, loading: true };
      refresh();
    },
    leave: () => {
      wanted = null;
    },
    refresh,
    protect: async (id: string, isProtected: boolean) => {
      const answer = await client.protect(id, isProtected);
      if (answer.kind === 'ok') setRecordings((all) => all.map((recording) => (recording.id === id ? answer.value : recording)));
      return answer;
    },
    remove: async (ids: string[]) => {
      const answer = await client.removeRecordings(ids);
      if (answer.kind === 'ok') refresh();
      return answer;
    },
    receive: (message: StreamMessage) => {
      if (message.type === 'recording' && isWanted(message.recording.start, message.recording.cameraId)) refresh();
      if (message.type === 'event' && message.phase !== 'updated' && isWanted(message.event.start, message.event.cameraId)) refresh();
      if (message.type === 'recording-deleted') setRecordings((all) => all.filter((recording) => recording.id !== message.recordingId));
    },
  };
};

const markOf = (span: CoverageSpan): CoverageMark => ({
  recordingId: span.recordingId,
  startMs: Date.parse(span.start),
  endMs: Date.parse(span.end),
  trigger: span.trigger,
});

const everyPage = async <Page extends { next: string | null }, Item>(
  fetchPage: (cursor: string | undefined) => Promise<Answer<Page>>,
  itemsOf: (page: Page) => Item[],
): Promise<Answer<{ items: Item[]; cut: boolean }>> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await fetchPage(cursor);
    if (answer.kind !== 'ok') return answer;
    items.push(...itemsOf(answer.value));
    if (answer.value.next === null) return { kind: 'ok', value: { items, cut: false } };
    cursor = answer.value.next;
  }
  return { kind: 'ok', value: { items, cut: true } };
};

const fetchDay = async (
  client: DayClient,
  zoned: ZonedTime,
  { day, camera, cameras }: Wanted,
  abort: AbortSignal,
): Promise<Answer<DayContent>> => {
  const span = { ...zoned.boundsOf(day), camera: camera ?? undefined };
  const coverageOf = (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => ({ id, answer: await client.coverage(id, span, abort) })));
  const [recordings, events, present] = await Promise.all([
    everyPage(
      (cursor) => client.recordings({ ...span, cursor, limit: pageSize }, abort),
      (page) => page.recordings,
    ),
    everyPage(
      (cursor) => client.events({ ...span, cursor, limit: pageSize }, abort),
      (page) => page.events,
    ),
    coverageOf(cameras),
  ]);
  if (recordings.kind !== 'ok') return recordings;
  if (events.kind !== 'ok') return events;
  const removedCameras = removedOf(recordings.value.items, cameras);
  const coverage = [...present, ...(await coverageOf(removedCameras.map(({ id }) => id)))];
  const failed = coverage.find(({ answer }) => answer.kind !== 'ok');
  if (failed && failed.answer.kind !== 'ok') return failed.answer;
  const marks = new Map(coverage.map(({ id, answer }) => [id, answer.kind === 'ok' ? answer.value.map(markOf) : []]));
  const cut = recordings.value.cut || events.value.cut;
  return { kind: 'ok', value: { recordings: recordings.value.items, events: events.value.items, removedCameras, coverage: marks, cut } };
};
