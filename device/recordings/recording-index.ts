import { sql } from 'kysely';
import type { RecordingState, RecordingTrigger } from '#device/contract/contract.ts';
import type { Database } from '#device/kernel/database.ts';
import { fromTable, type RecordingSummary, type RecordingsTables, toTable } from './index-schema.ts';
import type { Part, RecordingRow } from './model.ts';
import { decodeParts, encodeParts } from './part-list.ts';

export interface TriggerMark {
  trigger: RecordingTrigger;
  region: RecordingRow['region'];
  changes: number;
}

export interface Totals {
  recordings: number;
  sizeBytes: number;
  byCamera: ReadonlyMap<string, { recordings: number; sizeBytes: number }>;
}

/** The writing side of the index: the only place that changes `recordings` and `recording_parts`. Rejects with the database's own errors. */
export class RecordingIndex {
  readonly #database: Database<RecordingsTables>;

  constructor(database: Database<RecordingsTables>) {
    this.#database = database;
  }

  async add(row: RecordingRow): Promise<void> {
    await this.#database.write.transaction().execute(async (transaction) => {
      await transaction.insertInto('recordings').values(toTable(row)).execute();
      await transaction
        .insertInto('recording_parts')
        .values({ recordingId: row.id, parts: encodeParts(row.parts) })
        .execute();
    });
  }

  /** How far it has grown; with `change`, what else becomes true in the same transaction. */
  async grow(
    id: string,
    grown: { durationMs: number; sizeBytes: number; parts: readonly Part[] },
    change: { state?: RecordingState; repaired?: boolean } = {},
  ): Promise<void> {
    const columns = {
      durationMs: Math.round(grown.durationMs),
      sizeBytes: grown.sizeBytes,
      ...(change.state ? { state: change.state } : {}),
      ...(change.repaired ? { repaired: 1 as const } : {}),
    };
    await this.#database.write.transaction().execute(async (transaction) => {
      await transaction.updateTable('recordings').set(columns).where('id', '=', id).execute();
      await transaction
        .updateTable('recording_parts')
        .set({ parts: encodeParts(grown.parts) })
        .where('recordingId', '=', id)
        .execute();
    });
  }

  async mark(id: string, mark: TriggerMark): Promise<void> {
    const { x, y, width, height } = mark.region;
    await this.#database.write
      .updateTable('recordings')
      .set({
        trigger: mark.trigger,
        regionX: Math.round(x),
        regionY: Math.round(y),
        regionWidth: Math.round(width),
        regionHeight: Math.round(height),
        changes: Math.round(mark.changes),
      })
      .where('id', '=', id)
      .execute();
  }

  async setState(id: string, state: RecordingState): Promise<void> {
    await this.#database.write.updateTable('recordings').set({ state }).where('id', '=', id).execute();
  }

  /** To `deleting` when it is closed and its protection is as given, in one step; answers whether it was. */
  async beginRemoval(row: Pick<RecordingSummary, 'id' | 'protected'>): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.write
      .updateTable('recordings')
      .set({ state: 'deleting' })
      .where('id', '=', row.id)
      .where('state', '=', 'closed')
      .where('protected', '=', row.protected ? 1 : 0)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async setQuarantined(id: string, path: string): Promise<void> {
    await this.#database.write.updateTable('recordings').set({ state: 'quarantined', path }).where('id', '=', id).execute();
  }

  async setProtected(id: string, isProtected: boolean): Promise<void> {
    await this.#database.write
      .updateTable('recordings')
      .set({ protected: isProtected ? 1 : 0 })
      .where('id', '=', id)
      .execute();
  }

  async drop(id: string): Promise<void> {
    await this.#database.write.deleteFrom('recordings').where('id', '=', id).execute();
  }

  /** Gives this boot's recordings their true time. Answers them as they are now. */
  async restamp(bootId: string, offsetMs: number): Promise<RecordingSummary[]> {
    const rows = await this.#database.write
      .updateTable('recordings')
      .set({ clock: 'set', startWallMs: sql<number>`CAST(ROUND(startBootMs + ${offsetMs}) AS INTEGER)` })
      .where('bootId', '=', bootId)
      .where('clock', '=', 'approximate')
      .returningAll()
      .execute();
    return rows.map(fromTable);
  }

  async get(id: string): Promise<RecordingSummary | null> {
    const row = await this.#database.write.selectFrom('recordings').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? fromTable(row) : null;
  }

  async byPath(path: string): Promise<RecordingSummary | null> {
    const row = await this.#database.write.selectFrom('recordings').selectAll().where('path', '=', path).executeTakeFirst();
    return row ? fromTable(row) : null;
  }

  /** Throws RangeError when the stored list is damaged. null when there is none. */
  async partsOf(id: string): Promise<Part[] | null> {
    const row = await this.#database.read.selectFrom('recording_parts').select('parts').where('recordingId', '=', id).executeTakeFirst();
    return row ? decodeParts(row.parts) : null;
  }

  async inState(state: RecordingState): Promise<RecordingSummary[]> {
    let query = this.#database.write.selectFrom('recordings').selectAll().where('state', '=', state);
    // Said literally, so that SQLite sees that the partial index of unfinished ones fits.
    if (state !== 'closed') query = query.where(sql<boolean>`state <> 'closed'`);
    return (await query.execute()).map(fromTable);
  }

  /** Every row, or those in a camera's folder, a page at a time in the order of their paths. */
  async *all(scope: { folder?: string; pageSize?: number } = {}): AsyncGenerator<RecordingSummary> {
    // '0' follows '/' in every collation used here.
    const end = scope.folder === undefined ? null : `${scope.folder}0`;
    let after = scope.folder === undefined ? '' : `${scope.folder}/`;
    for (;;) {
      let query = this.#database.write.selectFrom('recordings').selectAll().where('path', '>', after);
      if (end !== null) query = query.where('path', '<', end);
      const rows = await query
        .orderBy('path')
        .limit(scope.pageSize ?? 2_000)
        .execute();
      yield* rows.map(fromTable);
      const last = rows.at(-1);
      if (!last) return;
      after = last.path;
    }
  }

  /** Closed ones, oldest first by their dates. */
  async oldest(scope: { cameraId?: string; protected?: boolean; afterWallMs?: number; limit: number }): Promise<RecordingSummary[]> {
    let query = this.#database.write
      .selectFrom('recordings')
      .selectAll()
      // Said literally, as is protection below, so that SQLite sees that a partial index fits.
      .where(sql<boolean>`state = 'closed'`)
      .orderBy('startWallMs')
      .limit(scope.limit);
    if (scope.protected !== undefined) query = query.where(scope.protected ? sql<boolean>`protected = 1` : sql<boolean>`protected = 0`);
    if (scope.cameraId !== undefined) query = query.where('cameraId', '=', scope.cameraId);
    if (scope.afterWallMs !== undefined) query = query.where('startWallMs', '>', scope.afterWallMs);
    return (await query.execute()).map(fromTable);
  }

  async totals(): Promise<Totals> {
    const rows = await this.#database.write.selectFrom('recording_totals').selectAll().execute();
    const byCamera = new Map(rows.map(({ cameraId, recordings, sizeBytes }) => [cameraId, { recordings, sizeBytes }]));
    return {
      recordings: rows.reduce((sum, row) => sum + row.recordings, 0),
      sizeBytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
      byCamera,
    };
  }

  async oldestStartMs(): Promise<number | null> {
    const row = await this.#database.read
      .selectFrom('recordings')
      .select('startWallMs')
      .where('state', 'in', ['writing', 'closed'])
      .orderBy('startWallMs')
      .limit(1)
      .executeTakeFirst();
    return row?.startWallMs ?? null;
  }

  async volumeId(): Promise<string | null> {
    const row = await this.#database.write.selectFrom('recording_volume').select('id').where('name', '=', 'main').executeTakeFirst();
    return row?.id ?? null;
  }

  async setVolumeId(id: string): Promise<void> {
    await this.#database.write
      .insertInto('recording_volume')
      .values({ name: 'main', id })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ id }))
      .execute();
  }
}
