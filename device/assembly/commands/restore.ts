import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { extract } from 'tar';
import { syncDirectory, syncFile } from '#device/kernel/atomic-file.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { type Database, integrityFindings, openDatabase } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { lockFolder } from '#device/recordings/volume.ts';
import { openSettings } from '#device/settings/settings.ts';
import { placesIn } from '../places.ts';
import { backedUp } from './backup.ts';

/** Larger than any backup ever is; a file that unpacks to more is hostile or none of ours. */
const largestBytes = 2_000_000_000;

/** Refuses while the device runs: it would write its old settings over the restored ones. */
export async function restoreStopped(root: string, source: string): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(placesIn(root).lockFile);
  try {
    return await restore(root, source, systemClock.wall());
  } finally {
    await unlock();
  }
}

/**
 * Unpacks, looks at everything, and only then puts it in place; what was there is moved aside, never deleted.
 * The caller holds the data folder's lock. Throws Failure `invalid-input` for a file that is no whole backup.
 */
export async function restore(root: string, source: string, nowMs: number): Promise<string> {
  const file = resolve(source);
  await stat(file).catch((cause: unknown) => {
    throw new Failure('not-found', `There is no file ${file}.`, { action: 'Give the file that the backup command wrote.', cause });
  });
  await mkdir(root, { recursive: true, mode: 0o700 });
  const staging = await mkdtemp(join(root, '.restore-'));
  try {
    const names = await unpack(file, staging);
    await lookAt(staging, names);
    const aside = join(root, `before-restore-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`);
    const kept = await keepAll(root, aside, names);
    await removeLogs(root, names);
    for (const name of names) {
      // Users and what happened are nobody else's business, whatever the archive says and whoever may look into the folder.
      await chmod(join(staging, name), 0o600);
      await syncFile(join(staging, name));
      await rename(join(staging, name), join(root, name));
    }
    await syncDirectory(root);
    return `Restored ${names.join(', ')}.${kept ? ` What was there before is in ${aside}.` : ''}`;
  } finally {
    // What was being unpacked when it was found wanting may still be on its way to the disk.
    await rm(staging, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function unpack(file: string, staging: string): Promise<string[]> {
  const names: string[] = [];
  try {
    await extract({
      file,
      cwd: staging,
      strict: true,
      filter: (path, entry) => {
        const isFile = 'type' in entry && entry.type === 'File' && entry.size <= largestBytes;
        const wanted = isFile && backedUp.some((name) => name === path);
        if (wanted) names.push(path);
        return wanted;
      },
    });
  } catch (cause) {
    throw new Failure('invalid-input', `${file} is no backup, or only a part of one.`, { action: 'Use another backup.', cause });
  }
  if (!names.includes('settings.json')) {
    throw new Failure('invalid-input', `${file} holds no settings, so it is no backup of this device.`, { action: 'Use another backup.' });
  }
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) {
    throw new Failure('invalid-input', `${file} holds ${repeated} twice, so the backup command did not write it.`, {
      action: 'Use another backup.',
    });
  }
  return names;
}

async function lookAt(staging: string, names: readonly string[]): Promise<void> {
  const settings = await openSettings({ file: join(staging, 'settings.json'), logger: silentLogger });
  if (settings.notes().length > 0) {
    throw new Failure('invalid-input', 'The settings in the backup are damaged.', { action: 'Use another backup.' });
  }
  for (const name of names.filter((candidate) => candidate.endsWith('.db'))) {
    const database: Database<unknown> = await openDatabase({ file: join(staging, name), room: 'restore', migrations: {} });
    try {
      const findings = await integrityFindings(database.read);
      if (findings.length > 0) throw new Failure('invalid-input', `${name} in the backup is damaged.`, { action: 'Use another backup.' });
    } finally {
      await database.close();
    }
  }
}

/** Copies rather than moves: a crash at any moment leaves either the old or the new file in its place. False: there was nothing. */
async function keepAll(root: string, aside: string, names: readonly string[]): Promise<boolean> {
  let kept = false;
  for (const name of names) {
    if (name.endsWith('.db') && (await exists(join(root, name)))) await foldLogIn(join(root, name));
    for (const entry of withLogs(name)) {
      if (!(await exists(join(root, entry)))) continue;
      await mkdir(aside, { recursive: true, mode: 0o700 });
      await copyFile(join(root, entry), join(aside, entry));
      await syncFile(join(aside, entry));
      kept = true;
    }
  }
  if (kept) await syncDirectory(aside);
  return kept;
}

/** Closing the last connection writes the log into the database and removes it. What is damaged keeps its log: it is the reason to restore. */
async function foldLogIn(file: string): Promise<void> {
  try {
    const database = await openDatabase({ file, room: 'restore', migrations: {} });
    await database.close();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

/** A log must never meet another database. */
async function removeLogs(root: string, names: readonly string[]): Promise<void> {
  const logs = names.flatMap((name) => withLogs(name).filter((entry) => entry !== name));
  for (const log of logs) await rm(join(root, log), { force: true });
  await syncDirectory(root);
}

/** SQLite keeps them beside the file that they belong to. */
function withLogs(name: string): string[] {
  return name.endsWith('.db') ? [name, `${name}-wal`, `${name}-shm`] : [name];
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
