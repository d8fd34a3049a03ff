import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import sqlite3 from 'sqlite3';
import { z } from 'zod';
import { Failure } from '#device/kernel/failure.ts';
import { codeOf, type Disk } from './disk.ts';
import type { RecordingIndex } from './recording-index.ts';

/** In the recordings folder: tells this volume from an empty mount point and from any other. */
export const identityFile = '.volume.json';
const identitySchema = z.object({ id: z.string().min(8).max(80) });
const identityMaxBytes = 4_096;
const probeFile = '.probe';

export interface Volume {
  disk: Disk;
  folder: string;
}

/** Rejects when the folder cannot be read; null when it carries no (readable) identity. */
export async function readVolumeId({ disk, folder }: Volume): Promise<string | null> {
  const path = join(folder, identityFile);
  if ((await disk.sizeOf(path)) === null) return null;
  const file = await disk.open(path, 'read');
  try {
    const text = new TextDecoder().decode(await file.read(0, identityMaxBytes));
    return identitySchema.parse(JSON.parse(text)).id;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  } finally {
    await file.close();
  }
}

/** At start: the first volume ever seen is given an identity (or keeps the one it has), any later one must be that very volume. */
export async function recognizeVolume(volume: Volume, index: RecordingIndex, mayBeAbsent: boolean): Promise<Failure | null> {
  const expected = await index.volumeId();
  const problem = await volumeProblem(volume, expected, mayBeAbsent);
  if (expected === null && !problem) {
    const found = (await readVolumeId(volume)) ?? (await giveIdentity(volume));
    await index.setVolumeId(found);
  }
  return problem;
}

/** Writes nothing. `mayBeAbsent`: before any volume was seen, one without its folder is not there, and what would be made in its place is another. */
export async function volumeProblem(volume: Volume, expected: string | null, mayBeAbsent: boolean): Promise<Failure | null> {
  if (expected === null) return mayBeAbsent && !(await volume.disk.holds(volume.folder)) ? notThere() : null;
  const found = await readVolumeId(volume);
  if (found === expected) return null;
  return found === null
    ? notThere()
    : new Failure('storage-failed', 'Another disk is in the place of the one with the recordings: nothing is recorded.', {
        action: 'Connect the disk that was used before, or set the device up anew with this one.',
      });
}

/** Before anything is believed of a file that is not found: rejects with the volume's Failure when it is all of the volume that is not. */
export async function mustBeThere(volume: Volume & { index: RecordingIndex }): Promise<void> {
  const problem = await volumeProblem(volume, await volume.index.volumeId(), false);
  if (problem) throw problem;
}

function notThere(): Failure {
  return new Failure('storage-failed', 'The disk with the recordings is not there: nothing is recorded.', {
    action: 'Connect the disk and check that it is mounted. Recording goes on by itself.',
  });
}

/** Rejects as the operating system does when the volume does not take a byte. */
export async function proveWritable({ disk, folder }: Volume): Promise<void> {
  const path = join(folder, probeFile);
  await makeWay(disk, path);
  const file = await disk.create(path);
  try {
    await file.write(0, Uint8Array.of(1));
    await file.datasync();
  } finally {
    await file.close();
    await disk.unlink(path);
  }
}

/** What a crash left of ours goes. What is no file was put there by somebody: that is moved aside unopened, as nothing of others is deleted. */
async function makeWay(disk: Disk, path: string): Promise<void> {
  if ((await disk.sizeOf(path)) !== null) await disk.unlink(path);
  else if (await disk.holds(path)) await disk.rename(path, `${path}.aside-${randomUUID()}`);
}

async function giveIdentity({ disk, folder }: Volume): Promise<string> {
  const id = randomUUID();
  const path = join(folder, identityFile);
  await disk.makeDirectory(folder);
  // The index must never expect a volume whose folder a power cut could take.
  await disk.syncDirectory(dirname(folder));
  // One that a crash tore before the index knew it: nobody relies on it yet.
  await makeWay(disk, path);
  const file = await disk.create(path);
  try {
    await file.write(0, new TextEncoder().encode(`${JSON.stringify({ id })}\n`));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.syncDirectory(folder);
  return id;
}

/**
 * One process at a time works on a folder: an exclusive lock that the kernel takes back when the process is gone, however it went. Writes nothing.
 * Rejects with Failure `conflict` when another holds it, `storage-failed` when the lock cannot be made. Answers the way to let go.
 */
export async function lockFolder(file: string): Promise<() => Promise<void>> {
  const db = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(cannotLock(file, error)) : resolve(opened)));
  });
  const close = (): Promise<void> => new Promise((resolve, reject) => db.close((error) => (error ? reject(error) : resolve())));
  try {
    await new Promise<void>((resolve, reject) =>
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE', (error) => (error ? reject(error) : resolve())),
    );
  } catch (cause) {
    await close();
    if (codeOf(cause) !== 'SQLITE_BUSY') throw cannotLock(file, cause);
    throw new Failure('conflict', 'Another Kerberos Edge is already using this data folder.', {
      action: 'Stop the other one first.',
      cause,
    });
  }
  return close;
}

function cannotLock(file: string, cause: unknown): Failure {
  return new Failure('storage-failed', `The file ${file} cannot be written.`, {
    action: 'Check that the disk is not read-only and that the service owns its data folder.',
    cause,
  });
}
