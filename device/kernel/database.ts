import { Kysely, SqliteAdapter, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { buildQueryFn, GenericSqliteDialect, type IGenericSqlite } from 'kysely-generic-sqlite';
import sqlite3 from 'sqlite3';
import { Failure } from './failure.ts';
import {
  type BackupFileSystem,
  findBackup,
  forgetOldBackups,
  hasRoomForBackup,
  keepBackup,
  newerCopyOf,
  restoreBackup,
} from './schema-backup.ts';

export type Migrations = Readonly<Record<string, Migration>>;

export interface DatabaseOptions {
  file: string;
  /** Names the room's own table of finished migrations, so that rooms can share a file. */
  room: string;
  /** In the order of their names; a name once released never changes. None: the file is taken as it is. */
  migrations: Migrations;
  /** The version of the device that opens it and has it to itself; remembered in the file, so that a backup says by whom it was written. */
  release?: string;
  /** It can be made anew from elsewhere: where there is no room for a backup before a migration, it is migrated without one. */
  canBeMadeAnew?: boolean;
  /** For tests, of the backups alone. */
  fileSystem?: BackupFileSystem;
}

/** An older release found the file of a newer one, and put back what it had written itself. */
export interface Restored {
  /** The newer release, when the file said so. */
  fromRelease: string | null;
  newerCopy: string;
}

export interface Database<Tables> {
  /** The one connection that writes; its transactions are serialized. */
  write: Kysely<Tables>;
  /** A second connection, so that a long query never holds up a write. */
  read: Kysely<Tables>;
  /** null when the file was opened as it was. */
  restored: Restored | null;
  close(): Promise<void>;
}

const busyTimeoutMs = 5_000;

/** Statements that answer rows; the dialect would run raw ones as writes and answer nothing. */
const answersRows = /^\s*(select|pragma|with|explain|values)\b|\breturning\b/i;

/** The file is of a newer release, and there is no backup from before it. */
export class NewerDatabase extends Failure {}

/**
 * Opens (or creates) an SQLite file in WAL mode with every commit synced, and brings it to the newest migration, after a backup of what was
 * there. A file with migrations that this release does not know gives way to the backup made before them.
 * Throws Failure `storage-failed` when the file cannot be opened, is not a database, or a migration fails; NewerDatabase.
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const restored = await giveWayToBackup(options);
  const write = connect<Tables>(options.file);
  try {
    await migrate(write, options);
  } catch (cause) {
    await write.destroy();
    throw cause instanceof Failure ? cause : unusable(options.file, cause);
  }
  const read = connect<Tables>(options.file);
  return {
    write,
    read,
    restored,
    close: async () => {
      await read.destroy();
      await write.destroy();
    },
  };
}

function unusable(file: string, cause: unknown): Failure {
  return new Failure('storage-failed', `The database ${file} cannot be opened.`, {
    action: 'Run the check command with --repair; if that does not help, restore a backup.',
    cause,
  });
}

/** Only for whoever names its release: that one has the data folder to itself. */
async function giveWayToBackup({ file, room, migrations, release, fileSystem }: DatabaseOptions): Promise<Restored | null> {
  const known = Object.keys(migrations);
  if (known.length === 0 || release === undefined) return null;
  // The only connection: closing it folds the log in.
  const db = connect<unknown>(file);
  let fromRelease: string | null;
  try {
    const isNewer = (await appliedMigrations(db, room)).some((name) => !known.includes(name));
    if (!isNewer) return null;
    fromRelease = await writerOf(db);
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
  } catch (cause) {
    throw unusable(file, cause);
  } finally {
    await db.destroy();
  }
  const backup = await findBackup(file, known, fileSystem);
  if (backup === null) {
    throw new NewerDatabase('conflict', `The database ${file} was written by a newer release, and there is no backup from before it.`, {
      action: 'Install the newer release again.',
    });
  }
  await restoreBackup(file, backup, fileSystem);
  return { fromRelease, newerCopy: newerCopyOf(file) };
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

async function migrate<Tables>(db: Kysely<Tables>, options: DatabaseOptions): Promise<void> {
  const { room, migrations, release } = options;
  if (Object.keys(migrations).length === 0) {
    await sql`PRAGMA schema_version`.execute(db);
    return;
  }
  const applied = await appliedMigrations(db, room);
  const last = applied.at(-1);
  const isBehind = Object.keys(migrations).some((name) => !applied.includes(name));
  if (isBehind && last !== undefined) await backUp(db, last, options);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: `migrations_${room}`,
    migrationLockTableName: `migrations_${room}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
  if (release !== undefined) await rememberWriter(db, release);
}

async function backUp<Tables>(db: Kysely<Tables>, last: string, options: DatabaseOptions): Promise<void> {
  const { file, migrations, canBeMadeAnew = false, fileSystem } = options;
  if (!(await hasRoomForBackup(file, fileSystem))) {
    if (canBeMadeAnew) return;
    throw new Failure('storage-full', `There is no room to keep ${file} as it was before the update.`, {
      action: 'Make room on the disk with the data folder, or install the release before again.',
    });
  }
  await keepBackup(file, last, async (target) => void (await sql`VACUUM INTO ${target}`.execute(db)), fileSystem);
  await forgetOldBackups(file, Object.keys(migrations), fileSystem);
}

/** In their order; none for a new file. */
async function appliedMigrations<Tables>(db: Kysely<Tables>, room: string): Promise<string[]> {
  const table = `migrations_${room}`;
  const found = await sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${table}`.execute(db);
  if (found.rows.length === 0) return [];
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(table)} ORDER BY name`.execute(db);
  return rows.map(({ name }) => name);
}

async function writerOf<Tables>(db: Kysely<Tables>): Promise<string | null> {
  const found = await sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'written_by'`.execute(db);
  if (found.rows.length === 0) return null;
  const { rows } = await sql<{ release: string }>`SELECT release FROM written_by`.execute(db);
  return rows[0]?.release ?? null;
}

async function rememberWriter<Tables>(db: Kysely<Tables>, release: string): Promise<void> {
  if ((await writerOf(db)) === release) return;
  await sql`CREATE TABLE IF NOT EXISTS written_by (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), release TEXT NOT NULL) STRICT`.execute(
    db,
  );
  await sql`INSERT OR REPLACE INTO written_by (one, release) VALUES (1, ${release})`.execute(db);
}

function connect<Tables>(file: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect(() => openConnection(file)) });
}

/** Some errors, a full disk among them, end the transaction by themselves: that nothing is left to roll back would hide them. */
function isOverAlready(statement: string, error: Error): boolean {
  return /^\s*rollback\s*$/i.test(statement) && error.message.includes('no transaction is active');
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
        if (error && isOverAlready(statement, error)) resolve({ insertId: 0n, numAffectedRows: 0n });
        else if (error) reject(error);
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
