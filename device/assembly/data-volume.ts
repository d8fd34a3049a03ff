import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { codeOf, type Disk } from '#device/recordings/disk.ts';

interface DataVolume {
  root: string;
  disk: Disk;
  clock: Clock;
  /** What is kept in a container's own layer is gone with the next release: there the folder must be a volume. */
  mustBeMounted: boolean;
  /** The table of mounts as the kernel writes it. */
  mounts?: () => Promise<string>;
}

const probeFile = '.rescue-probe';
const patienceMs = 10_000;
const kernelMounts = () => readFile('/proc/self/mounts', 'utf8');

/** Why nothing can be kept there, for the person at the box; null when all is sound. A full volume is sound: room is made by itself. */
export async function dataVolumeProblem(volume: DataVolume): Promise<Failure | null> {
  const options = mountOptions(await (volume.mounts ?? kernelMounts)(), volume.root);
  if (options === null && volume.mustBeMounted) {
    return new Failure('storage-failed', `The data volume is not there: ${volume.root} is only a part of the program itself.`, {
      action: 'Start the container with a volume for it. On balenaOS restart the device; if that does not help, flash the card anew.',
    });
  }
  if (options?.includes('ro')) return readOnly();
  const tried = new AbortController();
  const lost = volume.clock.sleep(patienceMs, tried.signal).then(
    () => new Failure('storage-failed', 'The data volume does not answer.', { action: replaceAction }),
    () => null,
  );
  try {
    return await Promise.race([probe(volume), lost]);
  } finally {
    tried.abort();
  }
}

const replaceAction =
  'Unplug the device, wait ten seconds and plug it in again. If this page comes back, the card or disk is worn out: copy what you need from it on another computer and put in a new one.';

function readOnly(cause?: unknown): Failure {
  return new Failure(
    'storage-failed',
    'The data volume can only be read: cards do that when they are worn out, and systems after errors.',
    {
      action: replaceAction,
      cause,
    },
  );
}

async function probe({ root, disk }: DataVolume): Promise<Failure | null> {
  const path = join(root, probeFile);
  try {
    if ((await disk.sizeOf(path)) !== null) await disk.unlink(path);
    const file = await disk.create(path);
    try {
      await file.write(0, Uint8Array.of(1));
      await file.sync();
    } finally {
      await file.close();
      await disk.unlink(path);
    }
    return null;
  } catch (cause) {
    return problemOf(cause, root);
  }
}

function problemOf(cause: unknown, root: string): Failure | null {
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return null;
    case 'EROFS':
      return readOnly(cause);
    case 'ENOENT':
    case 'ENOTDIR':
      return new Failure('storage-failed', `There is no folder ${root}.`, {
        action: 'Make it, or name another with KERBEROS_DATA_DIR.',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new Failure('storage-failed', `This program may not write to ${root}.`, { action: 'Give it the right to.', cause });
    default:
      return new Failure('storage-failed', `The data volume cannot be written (${codeOf(cause) ?? 'unknown error'}).`, {
        action: replaceAction,
        cause,
      });
  }
}

/** Of the last thing mounted at that very place; null when it is none. */
function mountOptions(mounts: string, root: string): string[] | null {
  const lines = mounts.split('\n').map((line) => line.split(' '));
  const found = lines.findLast(([, place]) => place?.replaceAll('\\040', ' ') === root);
  return found?.[3]?.split(',') ?? null;
}
