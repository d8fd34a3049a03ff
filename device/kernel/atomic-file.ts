import * as nodeFileSystem from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The calls used, so that a test can let the power fail between any two of them. */
export type AtomicFileSystem = Pick<typeof nodeFileSystem, 'open' | 'rename' | 'rm'>;

interface AtomicWriteOptions {
  /** Permission bits of the file, whatever the process's umask is. */
  mode?: number;
  fileSystem?: AtomicFileSystem;
}

/** Where the next content is gathered; what a crash leaves there is overwritten by the next write and never read. */
export function temporaryPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.new`);
}

/**
 * Replaces `path` by `content`: after a crash at any moment the file holds the whole old or the whole new content, and
 * the new one for sure once this resolves. One writer per path at a time. Rejects with the file system's error, the old content untouched.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array, options: AtomicWriteOptions = {}): Promise<void> {
  const { mode = 0o640, fileSystem = nodeFileSystem } = options;
  const temporary = temporaryPathOf(path);
  // A fresh file, so that neither an old mode nor a planted link survives.
  await fileSystem.rm(temporary, { force: true });
  try {
    const file = await fileSystem.open(temporary, 'wx', mode);
    try {
      await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await fileSystem.rename(temporary, path);
  } catch (error) {
    await fileSystem.rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path), fileSystem);
}

/** Makes a directory, and those above it that are missing, and makes sure of their names. Nothing happens when it is there. */
export async function makeDirectory(
  path: string,
  options: { mode?: number; fileSystem?: Pick<typeof nodeFileSystem, 'mkdir' | 'open' | 'stat'> } = {},
): Promise<void> {
  const { mode = 0o755, fileSystem = nodeFileSystem } = options;
  for (const missing of await missingFolders(path, fileSystem)) {
    await makeOne(missing, mode, fileSystem);
    await syncDirectory(dirname(missing), fileSystem);
  }
}

/** Somebody else may make the same one at the same time. */
async function makeOne(folder: string, mode: number, fileSystem: Pick<typeof nodeFileSystem, 'mkdir'>): Promise<void> {
  try {
    await fileSystem.mkdir(folder, { mode });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/** Outermost first. One by one, because the recursive `mkdir` never returns on file systems that take no folders, like /proc. */
async function missingFolders(path: string, fileSystem: Pick<typeof nodeFileSystem, 'stat'>): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = path; !(await isThere(folder, fileSystem)); folder = dirname(folder)) missing.unshift(folder);
  return missing;
}

async function isThere(folder: string, fileSystem: Pick<typeof nodeFileSystem, 'stat'>): Promise<boolean> {
  try {
    await fileSystem.stat(folder);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Makes what was written to a file survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  const file = await nodeFileSystem.open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes names created, renamed or removed in a directory survive a power cut. */
export async function syncDirectory(path: string, fileSystem: Pick<AtomicFileSystem, 'open'> = nodeFileSystem): Promise<void> {
  const directory = await fileSystem.open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
