import { randomBytes } from 'node:crypto';
import type { Database } from '#device/kernel/database.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { storageFailure } from './disk-failure.ts';
import type { RecordingsTables } from './index-schema.ts';
import { putInOrder } from './put-in-order.ts';
import { RecordingIndex } from './recording-index.ts';
import { Recordings } from './recordings.ts';
import type { RecordingsSurroundings } from './surroundings.ts';
import { lockFolder } from './volume.ts';

export interface RecordingsDeps extends RecordingsSurroundings {
  /** The recordings folder; made when it is not there. On the volume that holds the recordings. */
  directory: string;
  /** The folder is on a disk that may be unplugged: where it is not, it is never made, and it is not touched before `run`. */
  mayBeAbsent?: boolean;
  /** Held by one process at a time; beside the database, not on a volume that may be absent. */
  lockFile: string;
  /** Opened with `recordingsMigrations`; stays the caller's to close. */
  database: Database<RecordingsTables>;
  disk?: (written: (bytes: number) => void) => Disk;
  newId?: () => string;
  /** Memory of a camera's pre-roll at most; 48 MiB. */
  ringBytes?: number;
  /** Packets of a camera waiting for the disk at most; 16 MiB. */
  queueBytes?: number;
}

/**
 * Takes the folder, brings index and files in agreement and answers the writing half of the room. What it repaired is in `startFindings`.
 * Rejects with Failure `conflict` when another process has the folder. A volume that is absent, different or broken does not reject: it is
 * `problem`, nothing is written to it, and it is looked for again by `run`. One that may be absent is a problem until `run` has looked at it.
 */
export async function openRecordings(deps: RecordingsDeps): Promise<Recordings> {
  const unlock = await lockFolder(deps.lockFile);
  const counter = { diskBytes: 0, videoBytes: 0 };
  const disk = (deps.disk ?? nodeDisk)((bytes) => {
    counter.diskBytes += bytes;
  });
  const index = new RecordingIndex(deps.database);
  const shelf = { disk, folder: deps.directory, index };
  const { mayBeAbsent = false } = deps;
  // Whatever is the matter with such a disk, the device comes up without waiting for it.
  const opened = mayBeAbsent ? null : await putInOrder(shelf, { mayBeAbsent, logger: deps.logger }).catch(storageFailure);
  const problem = opened instanceof Failure ? opened : null;
  const recordings = new Recordings({
    ...deps,
    ...shelf,
    mayBeAbsent,
    counter,
    unlock,
    startFindings: opened instanceof Failure ? null : opened,
    problem: mayBeAbsent ? toBeLookedAt() : null,
    newId: deps.newId ?? (() => randomBytes(8).toString('hex')),
    ringBytes: deps.ringBytes ?? 50_331_648,
    queueBytes: deps.queueBytes ?? 16_777_216,
  });
  if (problem) recordings.guard.fail(problem);
  return recordings;
}

function toBeLookedAt(): Failure {
  return new Failure('storage-failed', 'The disk with the recordings is being looked at: nothing is recorded yet.', {
    action:
      'Wait a little; many recordings or a slow disk take longer. If it does not end, choose another place for recordings on the System page.',
  });
}
