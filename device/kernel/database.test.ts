import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Generated, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, integrityFindings, type Migrations, openDatabase } from './database.ts';

interface Tables {
  visit: { id: Generated<number>; name: string };
}

const migrations: Migrations = {
  '1-visit': {
    up: (db) =>
      db.schema
        .createTable('visit')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .modifyEnd(sql`strict`)
        .execute(),
  },
};

describe('a database file', () => {
  let folder: string;
  const opened: Database<Tables>[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'database-'));
  });

  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    await rm(folder, { recursive: true });
  });

  const open = async (): Promise<Database<Tables>> => {
    const database = await openDatabase<Tables>({ file: join(folder, 'visits.db'), room: 'visits', migrations });
    opened.push(database);
    return database;
  };

  test('keeps what was written for the next opening', async () => {
    const first = await open();
    await first.write.insertInto('visit').values({ name: 'Ada' }).execute();
    const second = await open();
    expect(await second.read.selectFrom('visit').select('name').execute()).toEqual([{ name: 'Ada' }]);
  });

  test('syncs every commit and keeps a write-ahead log', async () => {
    const { write } = await open();
    const journal = await sql<{ journal_mode: string }>`PRAGMA journal_mode`.execute(write);
    const synchronous = await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(write);
    expect(journal.rows).toEqual([{ journal_mode: 'wal' }]);
    expect(synchronous.rows).toEqual([{ synchronous: 2 }]);
  });

  test('undoes a transaction that fails half way', async () => {
    const { write } = await open();
    const failing = write.transaction().execute(async (transaction) => {
      await transaction.insertInto('visit').values({ name: 'Ada' }).execute();
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(await write.selectFrom('visit').selectAll().execute()).toEqual([]);
  });

  test('says that the disk is full, not that there was nothing left to undo', async () => {
    const { write } = await open();
    await sql`PRAGMA max_page_count = 8`.execute(write);
    const filling = write.transaction().execute((transaction) =>
      transaction
        .insertInto('visit')
        .values({ name: 'x'.repeat(1_000_000) })
        .execute(),
    );
    await expect(filling).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    await sql`PRAGMA max_page_count = 1000`.execute(write);
    await write.insertInto('visit').values({ name: 'Anna' }).execute();
    expect(await write.selectFrom('visit').select('name').execute()).toEqual([{ name: 'Anna' }]);
  });

  test('is as before when the power goes half way through its migrations, and takes them in at the next opening', async () => {
    const halfWay: Migrations = {
      '1-visit': {
        up: async (db) => {
          await migrations['1-visit']?.up(db);
          throw new Error('the power is gone');
        },
      },
    };
    await expect(openDatabase({ file: join(folder, 'visits.db'), room: 'visits', migrations: halfWay })).rejects.toThrow(
      'cannot be opened',
    );
    const { write } = await open();
    await write.insertInto('visit').values({ name: 'Ada' }).execute();
  });

  test('is refused in plain words when it is no database', async () => {
    await writeFile(join(folder, 'visits.db'), 'this is a shopping list, not a database, and long enough to be looked at');
    await expect(open()).rejects.toMatchObject({ kind: 'storage-failed' });
  });

  test('finds nothing wrong with a fresh file', async () => {
    const { read } = await open();
    expect(await integrityFindings(read)).toEqual([]);
  });
});
