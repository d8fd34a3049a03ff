import { sql } from 'kysely';
import type { Database } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type EventFilter, queryEvents } from './query.ts';
import type { EventsTable, EventsTables } from './schema.ts';

/** All statements on `events`. */
export class EventStore {
  readonly #database: Database<EventsTables>;

  constructor(database: Database<EventsTables>) {
    this.#database = database;
  }

  async add(row: EventsTable): Promise<void> {
    await this.#database.write.insertInto('events').values(row).execute();
  }

  /** Throws `not-found` for an event that is gone. */
  async change(id: string, columns: Partial<Omit<EventsTable, 'id'>>): Promise<EventsTable> {
    const row = await this.#database.write.updateTable('events').set(columns).where('id', '=', id).returningAll().executeTakeFirst();
    if (!row) throw unknown();
    return row;
  }

  async get(id: string): Promise<EventsTable> {
    const row = await this.#database.read.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw unknown();
    return row;
  }

  page(filter: EventFilter): Promise<{ rows: EventsTable[]; next: string | null }> {
    return queryEvents(this.#database.read, filter);
  }

  /** Ends what a crash left open, at its last sign. Answers how many. */
  async endAbandoned(): Promise<number> {
    const { numUpdatedRows } = await this.#database.write
      .updateTable('events')
      .set({ endWallMs: sql<number>`updatedWallMs`, endBootMs: sql<number>`updatedBootMs` })
      .where('endWallMs', 'is', null)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  }

  /** Gives the events of a boot whose clock was not set their true time, and answers them. */
  restamp(bootId: string, offsetMs: number): Promise<EventsTable[]> {
    const wallOf = (column: string) => sql<number>`CAST(ROUND(${sql.ref(column)} + ${offsetMs}) AS INTEGER)`;
    return this.#database.write
      .updateTable('events')
      .set({
        clock: 'set',
        startWallMs: wallOf('startBootMs'),
        updatedWallMs: wallOf('updatedBootMs'),
        endWallMs: wallOf('endBootMs'),
      })
      .where('bootId', '=', bootId)
      .where('clock', '=', 'approximate')
      .returningAll()
      .execute();
  }

  async pictureBytes(): Promise<number> {
    const row = await this.#database.read
      .selectFrom('events')
      .select(({ fn }) => fn.sum<number | null>('pictureBytes').as('bytes'))
      .where('pictureBytes', '>', 0)
      .executeTakeFirst();
    return row?.bytes ?? 0;
  }

  /** Oldest first. */
  oldestWithPicture(limit: number): Promise<{ id: string; pictureBytes: number }[]> {
    return this.#database.read
      .selectFrom('events')
      .select(['id', 'pictureBytes'])
      .where('pictureBytes', '>', 0)
      .orderBy('startWallMs')
      .limit(limit)
      .execute();
  }

  async idsWithPicture(): Promise<Set<string>> {
    const rows = await this.#database.read.selectFrom('events').select('id').where('pictureBytes', '>', 0).execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** Removes a batch of ended events that began before; fewer than `limit` answered: there are no more. */
  removeBefore(beforeMs: number, limit: number): Promise<{ id: string; pictureBytes: number }[]> {
    return this.#database.write
      .deleteFrom('events')
      .where('id', 'in', (from) =>
        from
          .selectFrom('events')
          .select('id')
          .where('startWallMs', '<', beforeMs)
          .where('endWallMs', 'is not', null)
          .orderBy('startWallMs')
          .limit(limit),
      )
      .returning(['id', 'pictureBytes'])
      .execute();
  }

  /** When the event began that is the `count`-th newest; null when there are not so many. */
  async startOfNewest(count: number): Promise<number | null> {
    const row = await this.#database.read
      .selectFrom('events')
      .select('startWallMs')
      .orderBy('startWallMs', 'desc')
      .offset(count - 1)
      .limit(1)
      .executeTakeFirst();
    return row?.startWallMs ?? null;
  }
}

function unknown(): Failure {
  return new Failure('not-found', 'This event does not exist any more.');
}
