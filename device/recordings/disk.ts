import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { syncDirectory } from '#device/kernel/atomic-file.ts';
import { volumeOf } from '#device/kernel/volume-space.ts';

/** An open file by positions. Every method rejects with the operating system's error, its `code` kept. */
export interface DiskFile {
  read(offset: number, length: number): Promise<Uint8Array>;
  /** All of the pieces, one behind the other, or an error; after an error any of them may have been written. */
  write(offset: number, ...pieces: readonly Uint8Array[]): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Content and length are on the medium. */
  datasync(): Promise<void>;
  sync(): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface DiskEntry {
  name: string;
  isDirectory: boolean;
  /** An ordinary one: no link, pipe or device. */
  isFile: boolean;
}

/** What this room asks of a file system, so that a test can let every single step fail, hang or be the last. */
export interface Disk {
  /** Fails with EEXIST when there is one. */
  create(path: string): Promise<DiskFile>;
  /** Fails with ENOENT when what has the name is no ordinary file. */
  open(path: string, access: 'read' | 'change'): Promise<DiskFile>;
  /** null when there is no such file; what is none (a folder, a link, a pipe) counts as none. */
  sizeOf(path: string): Promise<number | null>;
  /** Whether anything has the name, file or not. */
  holds(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Nothing happens when it is there. Fails with ENOENT when the one above it is not: where a disk was pulled out, nothing is made. */
  makeDirectory(path: string): Promise<void>;
  /** Names made, moved or removed in it are on the medium. */
  syncDirectory(path: string): Promise<void>;
  /** Empty when there is no such directory. */
  list(path: string): Promise<DiskEntry[]>;
  /** Nothing at all where there is no such directory. */
  space(path: string): Promise<{ totalBytes: number; freeBytes: number }>;
}

/** The real one. `written` hears how many bytes each write handed over. */
export function nodeDisk(written: (bytes: number) => void = () => {}): Disk {
  return {
    create: async (path) => diskFile(await open(path, 'wx+', 0o640), written),
    open: async (path, access) => diskFile(await openFile(path, access), written),
    sizeOf: (path) =>
      unlessAbsent(async () => {
        const found = await lstat(path);
        return found.isFile() ? found.size : null;
      }, null),
    holds: (path) => unlessAbsent(async () => (await lstat(path)) !== undefined, false),
    rename: (from, to) => rename(from, to),
    unlink: (path) => unlink(path),
    makeDirectory: async (path) => {
      try {
        await mkdir(path, { mode: 0o750 });
      } catch (error) {
        if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
      }
    },
    syncDirectory: (path) => syncDirectory(path),
    list: (path) =>
      unlessAbsent(async () => {
        const entries = await readdir(path, { withFileTypes: true });
        return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory(), isFile: entry.isFile() }));
      }, []),
    space: (path) => unlessAbsent(() => volumeOf(path), { totalBytes: 0, freeBytes: 0 }),
  };
}

/**
 * On a disk that may be anybody's a name may lead to a pipe, and opening that waits for its other end for ever; so it is never opened,
 * nor what a link leads to. Fails with ENOENT for whatever is no ordinary file.
 */
export async function openFile(path: string, access: 'read' | 'change'): Promise<FileHandle> {
  if (!(await lstat(path)).isFile()) throw noFile(path);
  const { O_RDONLY, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
  // It may have been changed since.
  const handle = await open(path, (access === 'read' ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw noFile(path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function noFile(path: string): Error {
  return Object.assign(new Error(`ENOENT: no ordinary file, open '${path}'`), { code: 'ENOENT' });
}

function diskFile(handle: FileHandle, written: (bytes: number) => void): DiskFile {
  return {
    read: async (offset, length) => {
      const buffer = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    write: async (offset, ...pieces) => {
      let done = 0;
      for (let rest = pieces; rest.length > 0; ) {
        const { bytesWritten } = await handle.writev(rest, offset + done);
        written(bytesWritten);
        done += bytesWritten;
        rest = behind(rest, bytesWritten);
      }
    },
    truncate: (length) => handle.truncate(length),
    datasync: () => handle.datasync(),
    sync: () => handle.sync(),
    sizeBytes: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}

/** What is left of the pieces when so many bytes of them are written. */
function behind(pieces: readonly Uint8Array[], writtenBytes: number): readonly Uint8Array[] {
  let begin = 0;
  let bytes = writtenBytes;
  for (let piece = pieces[0]; piece && piece.length <= bytes; piece = pieces[begin]) {
    bytes -= piece.length;
    begin += 1;
  }
  const first = pieces[begin];
  return first ? [first.subarray(bytes), ...pieces.slice(begin + 1)] : [];
}

async function unlessAbsent<T>(work: () => Promise<T>, absent: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return absent;
    throw error;
  }
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
