import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DiskOperation } from './write-trace.ts';

/** What the medium kept of an operation that no sync made sure of; `torn`: only the first sectors of a write. */
export type Fate = 'lost' | 'kept' | 'torn';

export interface PowerCut {
  /** How many of the operations were done before. */
  after: number;
  /** Of a write or a change of length that no sync of its file made sure of. */
  contentFate(operation: DiskOperation): Fate;
  /** How many of the unsure changes of names are kept; file systems keep them in order. See `unsureNames`. */
  namesKept: number;
  /** Also the sync of a new file makes sure of its name, as ext4 does. POSIX promises less: only the sync of the folder. */
  fileSyncKeepsName: boolean;
}

const sectorBytes = 512;

interface Folder {
  kind: 'folder';
  /** As the running programs see it. */
  names: Map<string, File | Folder>;
  syncedAt: number;
}

interface File {
  kind: 'file';
  changes: DiskOperation[];
  /** Everything that ended before this place in the order of calls is on the medium. */
  syncedAt: number;
}

interface NameChange {
  ended: number;
  removed: { folder: Folder; name: string } | null;
  added: { folder: Folder; name: string; entry: File | Folder; isNew: boolean } | null;
}

/**
 * What a medium, empty before, holds when the power goes: content by paths relative to the traced folder. Sure is only what was synced,
 * content by a sync of its file, names by a sync of their folder, and only what had ended when that sync began.
 */
export function diskAfterPowerCut(operations: readonly DiskOperation[], cut: PowerCut): Map<string, Uint8Array> {
  const { root, nameChanges } = follow(operations.slice(0, cut.after));
  const medium = new Map<Folder, Map<string, File | Folder>>();
  const namesIn = (folder: Folder): Map<string, File | Folder> => {
    const names = medium.get(folder) ?? new Map<string, File | Folder>();
    medium.set(folder, names);
    return names;
  };
  let unsureLeft = cut.namesKept;
  for (const change of nameChanges) {
    const isSure = isOnMedium(change) || (cut.fileSyncKeepsName && isNameOfSyncedFile(change));
    if (!isSure && unsureLeft <= 0) continue;
    if (!isSure) unsureLeft -= 1;
    if (change.removed) namesIn(change.removed.folder).delete(change.removed.name);
    if (change.added) namesIn(change.added.folder).set(change.added.name, change.added.entry);
  }
  const contents = new Map<string, Uint8Array>();
  const gather = (folder: Folder, path: string): void => {
    for (const [name, entry] of namesIn(folder)) {
      if (entry.kind === 'folder') gather(entry, join(path, name));
      else contents.set(join(path, name), contentOf(entry, cut));
    }
  };
  gather(root, '');
  return contents;
}

/** How many changes of names no sync of a folder made sure of. */
export function unsureNames(operations: readonly DiskOperation[], after: number): number {
  return follow(operations.slice(0, after)).nameChanges.filter((change) => !isOnMedium(change)).length;
}

export async function writeDisk(folder: string, contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of contents) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

function isOnMedium({ ended, removed, added }: NameChange): boolean {
  return [removed?.folder, added?.folder].every((folder) => folder === undefined || folder.syncedAt > ended);
}

function isNameOfSyncedFile({ ended, added }: NameChange): boolean {
  return added?.isNew === true && added.entry.kind === 'file' && added.entry.syncedAt > ended;
}

/** What each operation touched: a file keeps its content under whatever name it has. */
function follow(operations: readonly DiskOperation[]): { root: Folder; nameChanges: NameChange[] } {
  const root: Folder = { kind: 'folder', names: new Map(), syncedAt: 0 };
  const nameChanges: NameChange[] = [];
  for (const operation of operations) {
    if (operation.kind === 'write' || operation.kind === 'resize') fileAt(root, operation.path).changes.push(operation);
    else if (operation.kind === 'sync') entryAt(root, operation.path).syncedAt = operation.began;
    else nameChanges.push(...changeNames(root, operation));
  }
  return { root, nameChanges };
}

function changeNames(root: Folder, operation: DiskOperation): NameChange[] {
  const { path, ended } = operation;
  // The traced folder itself is there whatever happens.
  if (path === '') return [];
  const folder = folderAt(root, dirname(path));
  const name = basename(path);
  const before = folder.names.get(name);
  const put = (into: Folder, as: string, entry: File | Folder, isNew: boolean) => {
    into.names.set(as, entry);
    return { folder: into, name: as, entry, isNew };
  };
  switch (operation.kind) {
    case 'create':
      return before ? [] : [{ ended, removed: null, added: put(folder, name, { kind: 'file', changes: [], syncedAt: 0 }, true) }];
    case 'make-folder':
      return [{ ended, removed: null, added: put(folder, name, { kind: 'folder', names: new Map(), syncedAt: 0 }, true) }];
    case 'remove':
      folder.names.delete(name);
      return [{ ended, removed: { folder, name }, added: null }];
    case 'rename': {
      if (!before) throw new Error(`${path} was moved but never made`);
      folder.names.delete(name);
      const added = put(folderAt(root, dirname(operation.to)), basename(operation.to), before, false);
      return [{ ended, removed: { folder, name }, added }];
    }
    default:
      return [];
  }
}

function entryAt(root: Folder, path: string): File | Folder {
  if (path === '' || path === '.') return root;
  const entry = folderAt(root, dirname(path)).names.get(basename(path));
  if (!entry) throw new Error(`${path} was changed but never made`);
  return entry;
}

function folderAt(root: Folder, path: string): Folder {
  const entry = entryAt(root, path);
  if (entry.kind !== 'folder') throw new Error(`${path} is no folder`);
  return entry;
}

function fileAt(root: Folder, path: string): File {
  const entry = entryAt(root, path);
  if (entry.kind !== 'file') throw new Error(`${path} is no file`);
  return entry;
}

/** Where a later write is kept and one before it is not, there is a hole. */
function contentOf({ changes, syncedAt }: File, { contentFate }: PowerCut): Uint8Array {
  let content = Buffer.alloc(0);
  let length = 0;
  const reach = (bytes: number): void => {
    if (bytes > content.length) content = Buffer.concat([content, Buffer.alloc(Math.max(bytes, content.length * 2) - content.length)]);
    length = Math.max(length, bytes);
  };
  for (const change of changes) {
    const fate = change.ended < syncedAt ? 'kept' : contentFate(change);
    if (fate === 'lost') continue;
    if (change.kind === 'write') {
      const bytes = fate === 'torn' ? change.bytes.subarray(0, tornLength(change.offset, change.bytes.length)) : change.bytes;
      reach(change.offset + bytes.length);
      content.set(bytes, change.offset);
    } else if (change.kind === 'resize') {
      reach(change.length);
      content.fill(0, change.length);
      length = change.length;
    }
  }
  return content.subarray(0, length);
}

/** Up to the border between two sectors that is nearest to the middle, counted from the beginning of the file. */
function tornLength(offset: number, length: number): number {
  return Math.max(0, Math.floor((offset + length / 2) / sectorBytes) * sectorBytes - offset);
}
