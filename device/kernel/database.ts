import { Kysely, SqliteAdapter, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { buildQueryFn, GenericSqliteDialect, type IGenericSqlite } from 'kysely-generic-sqlite';
import sqlite3 from 'sqlite3';
import { Failure } from './failure.ts';

export type Migrations = Readonly<Record<string, Migration>>;

export interface DatabaseOptions {
  file: string;
  /** Names the room's own table of finished migrations, so that rooms can share a file. */
  room: string;
  /** In the order of their names; a name once released never changes. None: the file is taken as it is. */
  migrations: Migrations;
}

export interface Database<Tables> {
  /** The one connection that writes; its transactions are serialized. */
  write: Kysely<Tables>;
  /** A second connection, so that a long query never holds up a write. */
  read: Kysely<Tables>;
  close(): Promise<void>;
}

const busyTimeoutMs = 5_000;

/** Statements that answer rows; the dialect would run raw ones as writes and answer nothing. */
const answersRows = /^\s*(select|pragma|with|explain|values)\b|\breturning\b/i;

/**
 * Opens (or creates) an SQLite file in WAL mode with every commit synced, and brings it to the newest migration.
 * Throws Failure `storage-failed` when the file cannot be opened, is not a database, or a migration fails.
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const write = connect<Tables>(options.file);
  try {
    await migrate(write, options);
  } catch (cause) {
    await write.destroy();
    throw new Failure('storage-failed', `The database ${options.file} cannot be opened.`, {
      action: 'Run the check command with --repair; if that does not help, restore a backup.',
      cause,
    });
  }
  const read = connect<Tables>(options.file);
  return {
    write,
    read,
    close: async () => {
      await read.destroy();
      await write.destroy();
    },
  };
}

/** A migration is done as a whole or not at all: a power cut in the middle of the first start must not leave a file that never opens. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SqliteDialect extends GenericSqliteDialect {
  override createAdapter(): TransactionalDdl {
    return new TransactionalDdl();
  }
}

async function migrate<Tables>(db: Kysely<Tables>, { room, migrations }: DatabaseOptions): Promise<void> {
  if (Object.keys(migrations).length === 0) {
    await sql`PRAGMA schema_version`.execute(db);
    return;
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: `migrations_${room}`,
    migrationLockTableName: `migrations_${room}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

function connect<Tables>(file: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect(() => openConnection(file)) });
}

async function openConnection(file: string): Promise<IGenericSqlite<sqlite3.Database>> {
  const db = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
  });
  db.configure('busyTimeout', busyTimeoutMs);
  const all = (statement: string, parameters: readonly unknown[] = []): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      db.all<unknown>(statement, parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  const run = (statement: string, parameters: readonly unknown[] = []): Promise<{ insertId: bigint; numAffectedRows: bigint }> =>
    new Promise((resolve, reject) => {
      db.run(statement, parameters, function finished(error) {
        if (error) reject(error);
        else resolve({ insertId: BigInt(this.lastID), numAffectedRows: BigInt(this.changes) });
      });
    });
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'journal_size_limit = 4194304']) {
    await all(`PRAGMA ${pragma}`);
  }
  return {
    db,
    query: buildQueryFn({ all, run, isQuery: (statement) => answersRows.test(statement) }),
    close: () => new Promise<void>((resolve, reject) => db.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** Findings of SQLite's own integrity check; empty when the file is whole. */
export async function integrityFindings<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check(20)`.execute(db);
  return rows.map((row) => row.integrity_check).filter((finding) => finding !== 'ok');
}
