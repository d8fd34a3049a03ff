import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DiskOperation } from './write-trace.ts';

/** What the medium kept of an operation that no sync made sure of. `torn`: a write of which only the first sectors arrived. */
export type Fate = 'lost' | 'kept' | 'torn';

export interface PowerCut {
  /** How many of the operations were done before. */
  after: number;
  /** Of a write or resize that no sync of its file made sure of. */
  contentFate(operation: DiskOperation): Fate;
  /** How many of the names made, moved or removed that no sync of their folder made sure of are kept: file systems keep them in order. */
  namesKept: number;
  /** Some file systems keep the name of a new file when the file is synced; the promise of POSIX is less. */
  syncKeepsName: boolean;
}

const sectorBytes = 512;

interface File {
  operations: DiskOperation[];
  /** Everything that ended before this place in the order of calls is on the medium. */
  syncedUpTo: number;
  /** null: not a folder. */
  names: Map<string, File> | null;
}

/**
 * What the medium holds when the power goes right then: content by paths relative to the traced folder, which itself is there.
 * Sure is only what was synced: content by a sync of its file, names by a sync of their folder. A sync makes sure of what ended before it began.
 */
export function diskAfterPowerCut(operations: readonly DiskOperation[], cut: PowerCut): Map<string, Uint8Array> {
  const done = operations.slice(0, cut.after);
  const changesOfNames = followNames(done, cut.syncKeepsName);
  const root = folderOf(changesOfNames.root);
  let namesLeft = cut.namesKept;
  const medium = new Map<File, Map<string, File>>();
  const namesIn = (folder: File): Map<string, File> => {
    const names = medium.get(folder) ?? new Map<string, File>();
    medium.set(folder, names);
    return names;
  };
  for (const change of changesOfNames.changes) {
    if (!change.isSure()) {
      if (namesLeft <= 0) continue;
      namesLeft -= 1;
    }
    if (change.removed) namesIn(change.removed.folder).delete(change.removed.name);
    if (change.added) namesIn(change.added.folder).set(change.added.name, change.added.file);
  }
  const contents = new Map<string, Uint8Array>();
  const walk = (folder: File, path: string): void => {
    for (const [name, file] of namesIn(folder)) {
      if (file.names) walk(file, join(path, name));
      else contents.set(join(path, name), contentOf(file, cut));
    }
  };
  walk(root, '');
  return contents;
}

/** Names that are not made sure of: the most that `namesKept` can be. */
export function unsureNames(operations: readonly DiskOperation[], after: number): number {
  return followNames(operations.slice(0, after), false).changes.filter((change) => !change.isSure()).length;
}

export async function writeDisk(folder: string, contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of contents) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

interface NameChange {
  added?: { folder: File; name: string; file: File };
  removed?: { folder: File; name: string };
  isSure(): boolean;
}

function newFile(isFolder: boolean): File {
  return { operations: [], syncedUpTo: 0, names: isFolder ? new Map() : null };
}

function folderOf(file: File | undefined): File & { names: Map<string, File> } {
  if (!file?.names) throw new Error('the trace changes something in a folder it did not make');
  return { ...file, names: file.names } === undefined ? never() : (file as File & { names: Map<string, File> });
}
