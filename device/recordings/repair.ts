import { dirname, join } from 'node:path';
import { ascii, concat, u32 } from '#device/media/mp4/box.ts';
import { type ScannedFile, scan } from '#device/media/mp4/scan.ts';
import { codeOf } from './disk.ts';
import { decodeMetadata, isRecordingPath } from './file-metadata.ts';
import type { RecordingSummary } from './index-schema.ts';
import { longestRecordingMs, type RecordingRow } from './model.ts';
import { finishFile } from './recording-file.ts';
import { finishRemoval, type Shelf, unlinkIfThere } from './removal.ts';
import { mustBeThere } from './volume.ts';

/** Something that is not as an invariant of design/storage.md (by its number) says. */
export interface Finding {
  invariant: number;
  /** Relative to the recordings folder; absent for what concerns no single file. */
  path?: string;
  id?: string;
  message: string;
  /** It was put right just now. */
  repaired: boolean;
}

export const quarantineFolder = '.quarantine';

interface ExaminedFile extends ScannedFile {
  init: Uint8Array;
  sizeBytes: number;
}

/** Finishes what a crash left in `writing`: cut to the last whole part, indexed, closed; what holds no whole part, or lies on a worn place, goes to quarantine. */
export function repairWriting(shelf: Shelf, row: RecordingSummary): Promise<Finding> {
  return orQuarantine(shelf, row.path, row, () => finishWriting(shelf, row));
}

/** One worn place of the medium costs its recording, never all that are yet to be made. When it is the whole medium, quarantine fails too. */
async function orQuarantine(shelf: Shelf, path: string, row: RecordingSummary | null, work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== 'EIO') throw error;
    await quarantine(shelf, path, row);
    const message = 'the disk cannot read or write a place of it any more; moved to quarantine';
    return { invariant: row ? 2 : 3, path, ...(row ? { id: row.id } : {}), message, repaired: true };
  }
}

async function finishWriting(shelf: Shelf, row: RecordingSummary): Promise<Finding> {
  const { id, path } = row;
  const file = await examine(shelf, path, 0);
  if (file === 'absent') {
    await mustBeThere(shelf);
    // It was never closed: its size promises nothing, so that it is read if it comes back.
    await shelf.index.grow(id, { durationMs: 0, sizeBytes: 0, parts: [] }, { state: 'quarantined' });
    return { invariant: 2, path, id, message: 'its file is gone; it is no longer shown', repaired: true };
  }
  if (file === 'unreadable') {
    await quarantine(shelf, path, row);
    return { invariant: 2, path, id, message: 'not one whole part of it reached the disk; moved to quarantine', repaired: true };
  }
  await finishTorn(shelf, path, file);
  await shelf.index.grow(id, measured(file), { state: 'closed', repaired: true });
  return { invariant: 2, path, id, message: `was being written; closed with ${file.parts.length} whole parts`, repaired: true };
}

/** A file without a row: taken in with everything it says about itself, or moved to quarantine. Deleted only when it is an empty one of ours. */
export function adopt(shelf: Shelf, path: string): Promise<Finding> {
  return orQuarantine(shelf, path, null, () => takeIn(shelf, path));
}

async function takeIn(shelf: Shelf, path: string): Promise<Finding> {
  if (isRecordingPath(path) && (await shelf.disk.sizeOf(join(shelf.folder, path))) === 0) {
    await unlinkIfThere(shelf, path);
    return { invariant: 3, path, message: 'was begun and holds nothing; deleted', repaired: true };
  }
  const glance = await examine(shelf, path, Number.POSITIVE_INFINITY);
  const isFinished = typeof glance === 'object' && wasFinished(glance);
  const file = isFinished ? glance : await examine(shelf, path, 0);
  if (file === 'absent') return { invariant: 3, path, message: 'was deleted meanwhile', repaired: true };
  const metadata = typeof file === 'object' && file.metadata ? decodeMetadata(file.metadata) : null;
  const isOurs = metadata !== null && path.startsWith(`${metadata.cameraId}/`) && (await shelf.index.get(metadata.id)) === null;
  if (typeof file !== 'object' || !isOurs) {
    await quarantine(shelf, path, null);
    return {
      invariant: 3,
      path,
      message: 'is no recording of this device that the index could take in; moved to quarantine',
      repaired: true,
    };
  }
  if (!isFinished) await finishTorn(shelf, path, file);
  const { version: _version, ...known } = metadata;
  const changes = known.trigger === 'continuous' ? -1 : known.trigger === 'manual' ? 100_000_000 : 0;
  const row: RecordingRow = {
    ...known,
    ...measured(file),
    path,
    initBytes: file.init.length,
    state: 'closed',
    protected: false,
    repaired: true,
    region: { x: 0, y: 0, width: 0, height: 0 },
    changes,
  };
  await shelf.index.add(row);
  return { invariant: 3, path, id: row.id, message: 'was not in the index; taken in', repaired: true };
}

/** Out of view, kept for a person to look at. */
export async function quarantine({ disk, folder, index }: Shelf, path: string, row: RecordingSummary | null): Promise<void> {
  const base = path.replaceAll('/', '--');
  await disk.makeDirectory(join(folder, quarantineFolder));
  await disk.syncDirectory(folder);
  let target = `${quarantineFolder}/${base}`;
  for (let count = 2; await disk.holds(join(folder, target)); count += 1) target = `${quarantineFolder}/${count}-${base}`;
  await disk.rename(join(folder, path), join(folder, target));
  await disk.syncDirectory(join(folder, quarantineFolder));
  await disk.syncDirectory(dirname(join(folder, path)));
  if (row) await index.setQuarantined(row.id, target);
}

/** Invariants 1 to 4 hold afterwards for all but what is being written (`inUse`, paths). Rejects only with errors of the disk or the database. */
export async function repairAll(shelf: Shelf, inUse: ReadonlySet<string> = new Set(), signal?: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const row of await shelf.index.inState('deleting')) {
    signal?.throwIfAborted();
    await finishRemoval(shelf, row);
    findings.push({ invariant: 4, path: row.path, id: row.id, message: 'was being deleted; deleted', repaired: true });
  }
  for (const row of await shelf.index.inState('writing')) {
    signal?.throwIfAborted();
    if (!inUse.has(row.path)) findings.push(await repairWriting(shelf, row));
  }
  for await (const stray of strays(shelf, inUse)) {
    signal?.throwIfAborted();
    findings.push(await settle(shelf, stray));
  }
  return findings;
}

export type Stray =
  | { kind: 'no-row'; path: string }
  /** A closed recording without its file. */
  | { kind: 'no-file'; row: RecordingSummary }
  /** Its file was gone and is there again. */
  | { kind: 'file-back'; row: RecordingSummary };

/** Compares folders and index, a camera at a time. Paths in `inUse` were being written when this began and are left alone. */
export async function* strays({ disk, folder, index }: Shelf, inUse: ReadonlySet<string> = new Set()): AsyncGenerator<Stray> {
  const folders = (await disk.list(folder)).filter((entry) => entry.isDirectory && !entry.name.startsWith('.')).map((entry) => entry.name);
  const cameras = new Set([...folders, ...(await index.totals()).byCamera.keys()]);
  for (const camera of [...cameras].sort()) {
    const files = new Set<string>();
    for (const entry of await disk.list(join(folder, camera))) {
      const path = `${camera}/${entry.name}`;
      if (entry.isFile && entry.name.endsWith('.mp4') && !inUse.has(path)) files.add(path);
    }
    for await (const row of index.all({ folder: camera })) {
      const isThere = files.delete(row.path);
      // Its row may be closed by now.
      if (inUse.has(row.path)) continue;
      if (row.state === 'closed' && !isThere && (await isGone({ disk, folder, index }, row))) yield { kind: 'no-file', row };
      if (row.state === 'quarantined' && isThere) yield { kind: 'file-back', row };
    }
    for (const path of files) yield { kind: 'no-row', path };
  }
}

/** Folder and index are read one after the other, and meanwhile recordings end and are deleted. */
async function isGone({ disk, folder, index }: Shelf, { id, path }: RecordingSummary): Promise<boolean> {
  return (await disk.sizeOf(join(folder, path))) === null && (await index.get(id))?.state === 'closed';
}

export async function settle(shelf: Shelf, stray: Stray): Promise<Finding> {
  if (stray.kind === 'no-row') return adopt(shelf, stray.path);
  const { id, path } = stray.row;
  if (stray.kind === 'file-back') {
    // What was closed and has its length is as it was: after a while without its disk that is all there is, too much to read through.
    const wasClosed = stray.row.sizeBytes > 0 && (await shelf.disk.sizeOf(join(shelf.folder, path))) === stray.row.sizeBytes;
    if (wasClosed) await shelf.index.setState(id, 'closed');
    else await repairWriting(shelf, stray.row);
    return { invariant: 1, path, id, message: 'its file is back; shown again', repaired: true };
  }
  await mustBeThere(shelf);
  await shelf.index.setState(id, 'quarantined');
  return { invariant: 1, path, id, message: 'its file is gone; it is no longer shown', repaired: true };
}

/** `unreadable`: there is not one whole part in it. */
export async function examine({ disk, folder }: Shelf, path: string, verifyFrom: number): Promise<ExaminedFile | 'absent' | 'unreadable'> {
  const sizeBytes = await disk.sizeOf(join(folder, path));
  if (sizeBytes === null) return 'absent';
  const file = await disk.open(join(folder, path), 'read');
  try {
    const found = await scan({ sizeBytes, read: (offset, length) => file.read(offset, length) }, { verifyFrom });
    const { parts, validBytes } = upToTheImpossible(found);
    return found.init && parts.length > 0 ? { ...found, parts, validBytes, init: found.init, sizeBytes } : 'unreadable';
  } finally {
    await file.close();
  }
}

/** A time that no recording reaches is damage, or another's malice, and so is all behind it. */
function upToTheImpossible({ parts, validBytes }: ScannedFile): Pick<ScannedFile, 'parts' | 'validBytes'> {
  const end = parts.findIndex(({ startMs, durationMs }) => startMs + durationMs > longestRecordingMs);
  return end === -1 ? { parts, validBytes } : { parts: parts.slice(0, end), validBytes: parts[end]?.offset ?? 0 };
}

/** Its own index is written last of all, when everything else is synced: when a whole disk of them is taken in, none need be read through or written. */
function wasFinished({ reserved, sizeBytes, validBytes }: ExaminedFile): boolean {
  return reserved?.filled === true && sizeBytes === validBytes;
}

async function finishTorn({ disk, folder }: Shelf, path: string, found: ExaminedFile): Promise<void> {
  const file = await disk.open(join(folder, path), 'change');
  try {
    if (found.sizeBytes > found.validBytes) await file.truncate(found.validBytes);
    const { init, reserved, parts } = found;
    if (reserved?.filled) {
      // An index of parts that may be gone: back to the empty box first.
      await file.write(reserved.offset, concat([u32(reserved.length), ascii('free')]));
      await file.datasync();
    }
    const timescale = found.tracks.find((track) => track.kind === 'video')?.timescale ?? 1000;
    await finishFile(file, { init, reserved, parts, timescale });
  } finally {
    await file.close();
  }
  await disk.syncDirectory(dirname(join(folder, path)));
}

function measured(file: ExaminedFile): Pick<RecordingRow, 'durationMs' | 'sizeBytes' | 'parts'> {
  const last = file.parts.at(-1);
  return { durationMs: last ? last.startMs + last.durationMs : 0, sizeBytes: file.validBytes, parts: file.parts };
}
