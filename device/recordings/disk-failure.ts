import { Failure } from '#device/kernel/failure.ts';
import { codeOf } from './disk.ts';

const fullCodes = new Set(['ENOSPC', 'EDQUOT']);
const brokenCodes = new Set([
  'EIO',
  'EROFS',
  'ENODEV',
  'ENXIO',
  'EACCES',
  'EPERM',
  'ENOENT',
  'ENOTDIR',
  'EBADF',
  'EMFILE',
  'ENFILE',
  'ETIMEDOUT',
]);

/** What SQLite says of a file that only a new one cures, which is made at the next start. */
const damageCodes = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

/** `full`: removing recordings helps. `broken`: only waiting or a person does. null: not the disk's doing, a bug. */
export function diskTroubleOf(error: unknown): 'full' | 'broken' | null {
  if (error instanceof Failure) {
    if (error.kind === 'storage-full') return 'full';
    return error.kind === 'storage-failed' ? 'broken' : null;
  }
  const code = codeOf(error);
  if (code === null) return null;
  // SQLite's own errors carry codes like SQLITE_FULL and SQLITE_IOERR.
  if (fullCodes.has(code) || code === 'SQLITE_FULL') return 'full';
  return brokenCodes.has(code) || code.startsWith('SQLITE_') ? 'broken' : null;
}

/** Any error of writing as the Failure the owner is told. */
export function storageFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (diskTroubleOf(error) === 'full') return storageFull(error);
  if (damageCodes.has(codeOf(error) ?? '')) {
    return new Failure('storage-failed', 'The index of the recordings is damaged: nothing can be recorded.', {
      action: 'Restart the device: it makes its index anew from the recordings. Replace the disk or card if it happens again.',
      cause: error,
    });
  }
  if (codeOf(error) === 'EROFS') {
    return new Failure('storage-failed', 'The storage has become read-only: nothing can be recorded.', {
      action: 'The disk or card may be worn out. Restart the device; if it happens again, replace the disk or card.',
      cause: error,
    });
  }
  return new Failure('storage-failed', `The storage does not accept recordings (${codeOf(error) ?? 'unexpected error'}).`, {
    action: 'Check that the disk or card is connected. It is tried again by itself.',
    cause: error,
  });
}

export function throwStorageFailure(error: unknown): never {
  throw storageFailure(error);
}

export function storageFull(cause?: unknown): Failure {
  return new Failure('storage-full', 'The storage is full and nothing more may be deleted from it.', {
    action: 'Remove protection from recordings that are not needed, free other space, or use a larger disk.',
    cause,
  });
}
