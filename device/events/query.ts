import { type Kysely, sql } from 'kysely';
import type { EventKind } from '#device/contract/contract.ts';
import { limits } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { EventsTable, EventsTables } from './schema.ts';

export interface EventFilter {
  limit: number;
  cursor?: string;
  cameraId?: string;
  kind?: EventKind;
  fromMs?: number;
  toMs?: number;
}

/** Newest first. Rows that come or go between two pages are neither skipped for nor repeated by it. A span means when events began, its end excluded. */
export async function queryEvents(db: Kysely<EventsTables>, filter: EventFilter): Promise<{ rows: EventsTable[]; next: string | null }> {
  let query = db.selectFrom('events').selectAll().orderBy('startWallMs', 'desc').orderBy('id', 'desc');
  if (filter.cameraId !== undefined) query = query.where('cameraId', '=', filter.cameraId);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.fromMs !== undefined) query = query.where('startWallMs', '>=', filter.fromMs);
  if (filter.toMs !== undefined) query = query.where('startWallMs', '<', filter.toMs);
  if (filter.cursor !== undefined) {
    const { startWallMs, id } = readCursor(filter.cursor);
    query = query.where(sql<boolean>`(startWallMs, id) < (${startWallMs}, ${id})`);
  }
  const limit = Math.min(Math.max(1, Math.floor(filter.limit)), limits.pageSizeMax);
  const rows = await query.limit(limit + 1).execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const next = last ? Buffer.from(`${last.startWallMs}/${last.id}`).toString('base64url') : null;
  return { rows: rows.slice(0, limit), next };
}

function readCursor(cursor: string): { startWallMs: number; id: string } {
  const [, startWallMs, id] = /^(-?\d{1,15})\/([\w-]{1,80})$/.exec(Buffer.from(cursor.slice(0, 200), 'base64url').toString()) ?? [];
  if (startWallMs === undefined || id === undefined) {
    throw new Failure('invalid-input', 'This page marker is not one of ours.', { action: 'Start again from the first page.' });
  }
  return { startWallMs: Number(startWallMs), id };
}
