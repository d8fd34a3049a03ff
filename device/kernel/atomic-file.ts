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
  const { mode = 0o644, fileSystem = nodeFileSystem } = options;
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
  options: { mode?: number; fileSystem?: Pick<typeof nodeFileSystem, 'mkdir' | 'open'> } = {},
): Promise<void> {
  const { mode = 0o755, fileSystem = nodeFileSystem } = options;
  const first = await fileSystem.mkdir(path, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made), fileSystem);
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
