import { dirname, join } from 'node:path';
import { codeOf, type Disk } from './disk.ts';
import { diskTroubleOf } from './disk-failure.ts';
import type { RecordingSummary } from './index-schema.ts';
import type { RecordingIndex } from './recording-index.ts';
import { mustBeThere } from './volume.ts';

/** The recordings folder and the index over it. */
export interface Shelf {
  disk: Disk;
  folder: string;
  index: RecordingIndex;
}

export function shelfOf({ disk, folder, index }: Shelf): Shelf {
  return { disk, folder, index };
}

/**
 * Row to `deleting`, unlink, directory, drop row: a crash between any two is finished by `finishRemoval` at the next start.
 * Answers false, with nothing done, when it is not closed or no longer protected or unprotected as `row` says: others decide meanwhile.
 * Rejects with the volume's Failure while it is away: what is only out of reach would be there again with it.
 */
export async function removeRecording(shelf: Shelf, row: Pick<RecordingSummary, 'id' | 'path' | 'protected'>): Promise<boolean> {
  await mustBeThere(shelf);
  try {
    if (!(await shelf.index.beginRemoval(row))) return false;
  } catch (error) {
    // A disk so full that not even the intention can be written down: the file goes first, then everything in order.
    if (diskTroubleOf(error) !== 'full') throw error;
    const now = await shelf.index.get(row.id);
    if (now?.state !== 'closed' || now.protected !== row.protected) return false;
    await unlinkIfThere(shelf, row.path);
    await shelf.index.setState(row.id, 'deleting');
  }
  await finishRemoval(shelf, row);
  return true;
}

export async function finishRemoval(shelf: Shelf, row: Pick<RecordingSummary, 'id' | 'path'>): Promise<void> {
  await unlinkIfThere(shelf, row.path);
  await shelf.index.drop(row.id);
}

export async function unlinkIfThere(shelf: Shelf, path: string): Promise<void> {
  const { disk, folder } = shelf;
  const file = join(folder, path);
  const onlyIfGone = async (error: unknown): Promise<void> => {
    if (codeOf(error) !== 'ENOENT') throw error;
    await mustBeThere(shelf);
  };
  await disk.unlink(file).catch(onlyIfGone);
  // Also when it was gone already: the unlink of before a crash may not have reached the disk.
  await disk.syncDirectory(dirname(file)).catch(onlyIfGone);
}
