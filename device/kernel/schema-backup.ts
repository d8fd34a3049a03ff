import * as nodeFileSystem from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from './atomic-file.ts';

/** The calls used, so that a test can let the power fail between any two of them. */
export type BackupFileSystem = Pick<typeof nodeFileSystem, 'open' | 'rename' | 'rm' | 'link' | 'copyFile' | 'readdir' | 'stat' | 'statfs'>;

const ownerAlone = 0o600;
/** The newest two: the release before, and the one before that. */
const mostBackups = 2;
/** Stays free beside a backup: a data volume that is full takes the whole device down. */
const spareBytes = 67_108_864;

/** Beside the file: what it was at the schema whose last migration bears this name. */
function backupOf(file: string, migration: string): string {
  return `${file}.schema-${migration}`;
}

/** Where the newer file is kept when an older release puts its backup in place. */
export function newerCopyOf(file: string): string {
  return `${file}.newer`;
}

/** A copy takes at most as much as the file and its log. */
export async function hasRoomForBackup(file: string, fileSystem: BackupFileSystem = nodeFileSystem): Promise<boolean> {
  const [{ size }, { bavail, bsize }] = await Promise.all([fileSystem.stat(file), fileSystem.statfs(dirname(file))]);
  return bavail * bsize >= 2 * size + spareBytes;
}

/**
 * Keeps the database as it is, before it is migrated: whole under its final name, or not there. `copyInto` writes a whole copy into an
 * empty file. Made anew each time: an older release may have gone on with it since the last time.
 */
export async function keepBackup(
  file: string,
  migration: string,
  copyInto: (target: string) => Promise<void>,
  fileSystem: BackupFileSystem = nodeFileSystem,
): Promise<void> {
  const backup = backupOf(file, migration);
  const unfinished = `${backup}.new`;
  await fileSystem.rm(unfinished, { force: true });
  // Made first, for the owner alone: what is copied holds what others may not read.
  const made = await fileSystem.open(unfinished, 'wx', ownerAlone);
  await made.close();
  try {
    await copyInto(unfinished);
    await sync(unfinished, fileSystem);
    await fileSystem.rename(unfinished, backup);
  } catch (error) {
    await fileSystem.rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(file), fileSystem);
}

/** The backup of the newest schema that is among `known`; null when there is none. */
export async function findBackup(
  file: string,
  known: readonly string[],
  fileSystem: BackupFileSystem = nodeFileSystem,
): Promise<string | null> {
  const names = new Set(await fileSystem.readdir(dirname(file)));
  const newest = known.toSorted().findLast((migration) => names.has(basename(backupOf(file, migration))));
  return newest === undefined ? null : backupOf(file, newest);
}

/** Backups of schemas that no release nearby knows make place. */
export async function forgetOldBackups(
  file: string,
  known: readonly string[],
  fileSystem: BackupFileSystem = nodeFileSystem,
): Promise<void> {
  const names = new Set(await fileSystem.readdir(dirname(file)));
  const kept = known.toSorted().filter((migration) => names.has(basename(backupOf(file, migration))));
  for (const migration of kept.slice(0, -mostBackups)) await fileSystem.rm(backupOf(file, migration), { force: true });
}

/**
 * Puts a backup in the place of the newer file, which is kept aside. Nobody has the file open, and its log is folded in. A crash at any
 * moment leaves the newer file or the backup in place, never neither; it is then done again. The backup stays.
 */
export async function restoreBackup(file: string, backup: string, fileSystem: BackupFileSystem = nodeFileSystem): Promise<void> {
  const arriving = join(dirname(file), `.${basename(file)}.restored`);
  await fileSystem.rm(arriving, { force: true });
  await fileSystem.copyFile(backup, arriving);
  await sync(arriving, fileSystem);
  await keepNewer(file, fileSystem);
  // A log that stayed would be taken for that of the file that comes.
  for (const suffix of ['-wal', '-shm']) await fileSystem.rm(`${file}${suffix}`, { force: true });
  await fileSystem.rename(arriving, file);
  await syncDirectory(dirname(file), fileSystem);
}

/** As a second name of the same file, which takes no space; as a copy where the file system knows no second names. */
async function keepNewer(file: string, fileSystem: BackupFileSystem): Promise<void> {
  const copy = newerCopyOf(file);
  await fileSystem.rm(copy, { force: true });
  await fileSystem.link(file, copy).catch(() => fileSystem.copyFile(file, copy));
}

async function sync(path: string, fileSystem: BackupFileSystem): Promise<void> {
  const handle = await fileSystem.open(path, 'r+');
  try {
    await handle.chmod(ownerAlone);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
