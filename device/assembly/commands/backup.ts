import { chmod, copyFile, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sql } from 'kysely';
import { create } from 'tar';
import { syncDirectory, syncFile } from '#device/kernel/atomic-file.ts';
import { openDatabase } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { placesIn } from '../places.ts';
import { mustBeThere } from './must-be-there.ts';

/** What a backup holds: the owner's choices, who may enter, and what happened. Recordings are too large for it. */
export const backedUp = ['settings.json', 'access.db', 'events.db'] as const;

/**
 * Writes the backup beside its final place and renames it, so that a half-written one never bears the name. Works while the device
 * runs: databases are copied by SQLite itself. Throws Failure `not-found` when there is no device in the folder, `invalid-input`
 * when no file can be written where it shall be.
 */
export async function backup(root: string, target: string): Promise<string> {
  const places = placesIn(root);
  const action = 'Give the right folder with --data.';
  await mustBeThere(places.settingsFile, (cause) => new Failure('not-found', `There is no device in ${root}.`, { action, cause }));
  const file = resolve(target);
  const staging = await stagingBeside(file);
  try {
    const names: string[] = ['settings.json'];
    await copyFile(places.settingsFile, join(staging, 'settings.json'));
    for (const [name, source] of [
      ['access.db', places.accessFile],
      ['events.db', places.eventsFile],
    ] as const) {
      if (await copyDatabase(source, join(staging, name))) names.push(name);
    }
    const packed = join(staging, 'backup.tar.gz');
    await create({ gzip: true, cwd: staging, file: packed, portable: true }, names);
    await chmod(packed, 0o600);
    await syncFile(packed);
    await rename(packed, file);
    await syncDirectory(dirname(file));
    return `Wrote ${file} with ${names.join(', ')}. Keep it safe: it holds the passwords of your cameras.`;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function stagingBeside(file: string): Promise<string> {
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) {
    throw new Failure('invalid-input', `${file} is a folder.`, {
      action: `Name a file in it, for example ${join(file, 'kerberos.tar.gz')}.`,
    });
  }
  return mkdtemp(join(dirname(file), '.backup-')).catch((cause: unknown) => {
    throw new Failure('invalid-input', `Nothing can be written in ${dirname(file)}.`, {
      action: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  });
}

async function copyDatabase(source: string, target: string): Promise<boolean> {
  const exists = await stat(source).then(
    () => true,
    () => false,
  );
  if (!exists) return false;
  const database = await openDatabase({ file: source, room: 'backup', migrations: {} });
  try {
    await sql`VACUUM INTO ${target}`.execute(database.write);
  } finally {
    await database.close();
  }
  return true;
}
