import { type SelectQueryBuilder, sql } from 'kysely';
import type { CoverageSpan, Recording, RecordingTrigger } from '#device/contract/contract.ts';
import { limits } from '#device/contract/contract.ts';
import type { Database } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { calendarOf } from './calendar.ts';
import { fromTable, type RecordingSummary, type RecordingsTables } from './index-schema.ts';
import { kerberosName } from './kerberos-name.ts';
import { longestRecordingMs, type Part } from './model.ts';
import { decodeParts } from './part-list.ts';

export interface RecordingFilter {
  limit: number;
  cursor?: string;
  cameraId?: string;
  fromMs?: number;
  toMs?: number;
  trigger?: RecordingTrigger;
  protected?: boolean;
  order?: 'newest' | 'oldest';
}

export interface RecordingSpan {
  cameraId: string;
  fromMs: number;
  toMs: number;
}

/** What is known of a recording that is still being written: parts and bytes that are safe on disk. */
export type WritingPort = (id: string) => { parts: readonly Part[]; sizeBytes: number } | null;

export interface QueryDeps {
  database: Pick<Database<RecordingsTables>, 'read'>;
  writing: WritingPort;
  /** IANA name; a setting, so it may change. */
  timeZone: () => string;
}

const joinedGapMs = 2_000;
const coverageMaxMs = 32 * 86_400_000;
const daysMax = 3_660;

/** What the index shows: neither what is vanishing nor what could not be repaired. */
const shown = ['writing', 'closed'] as const;

/** Reads of the index. All times are wall-clock milliseconds; a span holds what touches it, its end excluded. */
export class RecordingQueries {
  readonly #deps: QueryDeps;

  constructor(deps: QueryDeps) {
    this.#deps = deps;
  }

  /** A page, and the cursor of the next. Rows that come or go between two pages are neither skipped for nor repeated by it. */
  async page(filter: RecordingFilter): Promise<{ recordings: Recording[]; next: string | null }> {
    const order = filter.order ?? 'newest';
    const direction = order === 'newest' ? 'desc' : 'asc';
    let query = this.#visible().selectAll().orderBy('startWallMs', direction).orderBy('id', direction);
    const { cameraId, trigger } = filter;
    // Few are protected: their own index, which wants its condition word for word and must win over that of the camera.
    if (filter.protected !== undefined) query = query.where(filter.protected ? sql<boolean>`protected = 1` : sql<boolean>`protected = 0`);
    if (cameraId !== undefined)
      query = query.where(filter.protected ? sql<boolean>`+"cameraId" = ${cameraId}` : sql<boolean>`"cameraId" = ${cameraId}`);
    if (trigger !== undefined) query = query.where('trigger', '=', trigger);
    query = touching(query, filter.fromMs, filter.toMs);
    if (filter.cursor !== undefined) {
      const { startWallMs, id } = readCursor(filter.cursor);
      const beyond = sql.raw(order === 'newest' ? '<' : '>');
      query = query.where(sql<boolean>`("startWallMs", "id") ${beyond} (${startWallMs}, ${id})`);
    }
    const limit = Math.min(Math.max(1, Math.floor(filter.limit)), limits.pageSizeMax);
    const rows = await query.limit(limit + 1).execute();
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      recordings: rows.slice(0, limit).map((row) => toRecording(this.#withNewest(fromTable(row)))),
      next: last ? writeCursor(last) : null,
    };
  }

  /** Throws `not-found` for what is unknown, going or quarantined. */
  async summary(id: string): Promise<RecordingSummary> {
    const row = await this.#visible().selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new Failure('not-found', 'This recording does not exist any more.');
    return this.#withNewest(fromTable(row));
  }

  async parts(id: string): Promise<readonly Part[]> {
    const live = this.#deps.writing(id);
    if (live) return live.parts;
    const row = await this.#deps.database.read
      .selectFrom('recording_parts')
      .select('parts')
      .where('recordingId', '=', id)
      .executeTakeFirst();
    return row ? decodeParts(row.parts) : [];
  }

  /** Every recording of the camera that touches the span, with its parts, oldest first. */
  async playable({ cameraId, fromMs, toMs }: RecordingSpan): Promise<(RecordingSummary & { parts: Part[] })[]> {
    const rows = await touching(this.#visible().where('cameraId', '=', cameraId), fromMs, toMs)
      .leftJoin('recording_parts', 'recordingId', 'id')
      .selectAll()
      .orderBy('startWallMs')
      .orderBy('startBootMs')
      .execute();
    return rows.map(({ recordingId: _recordingId, parts, ...row }) => {
      const live = row.state === 'writing' ? this.#deps.writing(row.id) : null;
      return { ...this.#withNewest(fromTable(row)), parts: live ? [...live.parts] : parts ? decodeParts(parts) : [] };
    });
  }

  /** Neighbours of one trigger with less than two seconds between them are one stretch, named by its first recording. */
  async coverage(span: RecordingSpan): Promise<CoverageSpan[]> {
    if (span.toMs - span.fromMs > coverageMaxMs) throw new Failure('invalid-input', 'Ask for at most 32 days at once.');
    const rows = await touching(this.#visible().where('cameraId', '=', span.cameraId), span.fromMs, span.toMs)
      .select(['id', 'startWallMs', 'durationMs', 'trigger', 'state'])
      .orderBy('startWallMs')
      .execute();
    return joinedStretches(
      rows.map((row) => {
        const last = row.state === 'writing' ? this.#deps.writing(row.id)?.parts.at(-1) : undefined;
        const durationMs = last ? last.startMs + last.durationMs : row.durationMs;
        return { startMs: row.startWallMs, endMs: row.startWallMs + durationMs, trigger: row.trigger, recordingId: row.id };
      }),
    );
  }

  /** YYYY-MM-DD in the device's time zone, oldest first. */
  async days(cameraId: string | undefined): Promise<string[]> {
    const mine = () =>
      (cameraId === undefined ? this.#visible() : this.#visible().where('cameraId', '=', cameraId)).select(['startWallMs', 'durationMs']);
    const [oldest, newest] = await Promise.all([
      mine().orderBy('startWallMs').limit(1).executeTakeFirst(),
      mine().orderBy('startWallMs', 'desc').limit(1).executeTakeFirst(),
    ]);
    if (!oldest || !newest) return [];
    const days = daysBetween(this.#deps.timeZone(), oldest.startWallMs, newest.startWallMs + longestRecordingMs);
    const borders = JSON.stringify(days.map(({ startMs, endMs }) => [startMs, endMs]));
    const ofCamera = cameraId === undefined ? sql`` : sql`AND "cameraId" = ${cameraId}`;
    const { rows } = await sql<{ day: number }>`
      SELECT day.key AS day FROM json_each(${borders}) AS day WHERE EXISTS (
        SELECT 1 FROM recordings WHERE state IN ('writing', 'closed') ${ofCamera}
          AND "startWallMs" >= (day.value ->> 0) AND "startWallMs" < (day.value ->> 1)
      ) OR EXISTS (
        SELECT 1 FROM recordings WHERE state IN ('writing', 'closed') ${ofCamera}
          AND "startWallMs" > (day.value ->> 0) - ${longestRecordingMs} AND "startWallMs" < (day.value ->> 0)
          AND "startWallMs" + "durationMs" > (day.value ->> 0))`.execute(this.#deps.database.read);
    return rows.flatMap(({ day }) => days[day]?.name ?? []);
  }

  #visible() {
    return this.#deps.database.read.selectFrom('recordings').where('state', 'in', shown);
  }

  /** While it is being written the recorder knows more than the row. */
  #withNewest(summary: RecordingSummary): RecordingSummary {
    const live = summary.state === 'writing' ? this.#deps.writing(summary.id) : null;
    const last = live?.parts.at(-1);
    return live && last ? { ...summary, sizeBytes: live.sizeBytes, durationMs: last.startMs + last.durationMs } : summary;
  }
}

export function toRecording(summary: RecordingSummary): Recording {
  return {
    id: summary.id,
    cameraId: summary.cameraId,
    cameraName: summary.cameraName,
    start: new Date(summary.startWallMs).toISOString(),
    durationMs: summary.durationMs,
    sizeBytes: summary.sizeBytes,
    trigger: summary.trigger,
    state: summary.state,
    clock: summary.clock,
    protected: summary.protected,
    repaired: summary.repaired,
    videoCodecString: summary.videoCodecString,
    width: summary.width,
    height: summary.height,
    hasAudio: summary.hasAudio,
    fileName: kerberosName(summary),
  };
}

function touching<Output>(
  query: SelectQueryBuilder<RecordingsTables, 'recordings', Output>,
  fromMs: number | undefined,
  toMs: number | undefined,
): SelectQueryBuilder<RecordingsTables, 'recordings', Output> {
  let narrowed = query;
  if (toMs !== undefined) narrowed = narrowed.where('startWallMs', '<', toMs);
  if (fromMs === undefined) return narrowed;
  // The first condition lets the index begin where it matters, the second is the exact one.
  return narrowed
    .where('startWallMs', '>', fromMs - longestRecordingMs)
    .where((is) => is.or([is('startWallMs', '>=', fromMs), is(sql`"startWallMs" + "durationMs"`, '>', fromMs)]));
}

interface Stretch {
  startMs: number;
  endMs: number;
  trigger: RecordingTrigger;
  recordingId: string;
}

function joinedStretches(ordered: readonly Stretch[]): CoverageSpan[] {
  const joined: Stretch[] = [];
  for (const stretch of ordered) {
    const before = joined.at(-1);
    if (before && before.trigger === stretch.trigger && stretch.startMs - before.endMs < joinedGapMs) {
      before.endMs = Math.max(before.endMs, stretch.endMs);
    } else joined.push({ ...stretch });
  }
  return joined.map(({ startMs, endMs, trigger, recordingId }) => ({
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
    trigger,
    recordingId,
  }));
}

function daysBetween(timeZone: string, fromMs: number, toMs: number): { name: string; startMs: number; endMs: number }[] {
  const calendar = calendarOf(timeZone);
  const days: { name: string; startMs: number; endMs: number }[] = [];
  let startMs = calendar.dayStartMs(Math.max(fromMs, toMs - daysMax * 86_400_000));
  while (startMs < toMs) {
    const endMs = calendar.nextDayMs(startMs);
    days.push({ name: calendar.dayOf(startMs), startMs, endMs });
    startMs = endMs;
  }
  return days;
}

function writeCursor({ startWallMs, id }: { startWallMs: number; id: string }): string {
  return Buffer.from(`${startWallMs}/${id}`).toString('base64url');
}

function readCursor(cursor: string): { startWallMs: number; id: string } {
  const match = /^(-?\d{1,15})\/(.{1,200})$/.exec(Buffer.from(cursor.slice(0, 400), 'base64url').toString());
  const [, startWallMs, id] = match ?? [];
  if (startWallMs === undefined || id === undefined) {
    throw new Failure('invalid-input', 'This page marker is not one of ours.', { action: 'Start again from the first page.' });
  }
  return { startWallMs: Number(startWallMs), id };
}
