import type { Logger } from '#device/kernel/logger.ts';
import { codeOf } from './disk.ts';
import type { Shelf } from './removal.ts';
import { type Finding, repairAll } from './repair.ts';
import { mustBeThere, recognizeVolume } from './volume.ts';

interface ToPutInOrder {
  mayBeAbsent: boolean;
  /** Paths of what is being written: left alone. */
  inUse?: ReadonlySet<string>;
  logger: Logger;
  /** Ends it between two files, with the reason. */
  signal?: AbortSignal | undefined;
}

/** Recognizes the volume and brings index and files in agreement. Rejects with the volume's Failure, or as the disk and the database do. */
export async function putInOrder(shelf: Shelf, { mayBeAbsent, inUse, logger, signal }: ToPutInOrder): Promise<Finding[]> {
  const problem = await recognizeVolume(shelf, shelf.index, mayBeAbsent);
  if (problem) throw problem;
  const findings = await repairAll(shelf, inUse, signal).catch(async (error: unknown) => {
    if (codeOf(error) === 'ENOENT') await mustBeThere(shelf);
    throw error;
  });
  for (const finding of findings) logger.warn({ ...finding }, 'recording repaired');
  return findings;
}
