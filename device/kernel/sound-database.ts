import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sql } from 'kysely';
import { syncDirectory } from './atomic-file.ts';
import { type Database, type DatabaseOptions, NewerDatabase, openDatabase } from './database.ts';
import { Failure } from './failure.ts';
import { newerCopyOf } from './schema-backup.ts';

export interface SoundDatabase<Tables> {
  database: Database<Tables>;
  /** Where the damaged file was put; null when it was whole. */
  damagedCopy: string | null;
  /** Where the file of a newer release was put that left no backup; null when there was none such. */
  newerCopy: string | null;
}

/** Beside the file; an older one makes place, so that a dying disk does not fill with copies. */
export function damagedCopyOf(file: string): string {
  return `${file}.damaged`;
}

/**
 * As {@link openDatabase}, for what can be begun anew: a file that SQLite finds damaged, or that a newer release left without a backup, is
 * kept aside, and an empty one takes its place. Reads the whole file. Throws Failure `storage-failed` for everything that another file
 * would not cure.
 */
export async function openSoundDatabase<Tables>(options: DatabaseOptions): Promise<SoundDatabase<Tables>> {
  const found = await openUndamaged<Tables>(options);
  if (typeof found === 'object') return { database: found, damagedCopy: null, newerCopy: null };
  const copy = found === 'damaged' ? damagedCopyOf(options.file) : newerCopyOf(options.file);
  await setAside(options.file, copy);
  const database = await openDatabase<Tables>(options);
  return { database, damagedCopy: found === 'damaged' ? copy : null, newerCopy: found === 'newer' ? copy : null };
}

async function openUndamaged<Tables>(options: DatabaseOptions): Promise<Database<Tables> | 'damaged' | 'newer'> {
  let database: Database<Tables>;
  try {
    database = await openDatabase<Tables>(options);
  } catch (error) {
    if (error instanceof NewerDatabase) return 'newer';
    if (isDamage(error)) return 'damaged';
    throw error;
  }
  try {
    const { rows } = await sql<{ quick_check: string }>`PRAGMA quick_check(1)`.execute(database.read);
    if (rows.every((row) => row.quick_check === 'ok')) return database;
  } catch (error) {
    if (!isDamage(error)) {
      await database.close();
      throw new Failure('storage-failed', `The database ${options.file} cannot be read.`, {
        action: 'Check the disk with the data folder.',
        cause: error,
      });
    }
  }
  await database.close().catch(() => {});
  return 'damaged';
}

/** The log first: one that is left alone would otherwise be taken for the new file's. */
async function setAside(file: string, copy: string): Promise<void> {
  try {
    await rm(`${file}-shm`, { force: true });
    await rm(`${copy}-wal`, { force: true });
    await rename(`${file}-wal`, `${copy}-wal`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(file, copy);
    await keepForOwnerAlone(copy);
    await syncDirectory(dirname(file));
  } catch (cause) {
    throw new Failure('storage-failed', `The database ${file} cannot be used and cannot be put aside.`, {
      action: 'Check that the data folder can be written.',
      cause,
    });
  }
}

async function keepForOwnerAlone(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.chmod(0o600);
  } finally {
    await handle.close();
  }
}

/** Whether SQLite itself says so, however deep the reason lies. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  return code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB' || isDamage(error.cause);
}
