import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { Failure } from '#device/kernel/failure.ts';
import { openFile } from './disk.ts';

/** Bytes that can be read in ranges, each its own stream. */
export interface ByteSource {
  sizeBytes: number;
  /** Bytes `start` to `end`, both included. The stream fails with a Failure when the file vanishes or cannot be read. */
  read(start: number, end: number): ReadableStream<Uint8Array>;
}

export interface MediaFile extends ByteSource {
  fileName: string;
  /** Strong validator, with its quotes. */
  etag: string;
}

const chunkBytes = 262_144;

/** Where a recording's file is. Throws for a path that leaves the folder: the index is a file too, and may have been tampered with. */
export function pathWithin(directory: string, path: string): string {
  const relative = normalize(path);
  if (isAbsolute(relative) || relative.startsWith('..') || relative.includes('\0')) {
    throw new Failure('storage-failed', 'The index names a file outside the recordings folder.', {
      action: 'Run the check command with --repair.',
    });
  }
  return join(directory, relative);
}

/** A recording's file for reading. `sizeBytes`: what of it is known to be good; bytes behind it are never shown. */
export async function openMediaFile(file: { path: string; fileName: string; sizeBytes: number; isWriting: boolean }): Promise<MediaFile> {
  const { path, fileName, sizeBytes, isWriting } = file;
  const handle = await openToRead(path);
  try {
    const stat = await handle.stat({ bigint: true });
    if (stat.size < BigInt(sizeBytes)) throw unreadable(new RangeError(`${stat.size} of ${sizeBytes} bytes`));
    // While it is being written the bytes shown only grow; closing it changes its head, and with it the kind of the tag.
    const etag = isWriting ? `"w-${sizeBytes.toString(36)}"` : `"${sizeBytes.toString(36)}-${stat.mtimeNs.toString(36)}"`;
    return { fileName, sizeBytes, etag, read: (start, end) => ReadableStream.from(chunksOf(path, start, Math.min(end, sizeBytes - 1))) };
  } finally {
    await handle.close();
  }
}

async function* chunksOf(path: string, start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
  const handle = await openToRead(path);
  try {
    for (let position = start; position <= end; position += chunkBytes) {
      yield await readExactly(handle, position, Math.min(chunkBytes, end - position + 1));
    }
  } finally {
    await handle.close();
  }
}

/** Throws `not-found` when the file is gone, `storage-failed` when it cannot be opened. */
export async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await openFile(path, 'read');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Failure('not-found', 'The file of this recording is gone.', {
        cause,
        action: 'It was removed to make room, or the storage was changed.',
      });
    }
    throw unreadable(cause);
  }
}

/** Throws `storage-failed` when the medium fails or the file is shorter. */
export async function readExactly(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled).catch((cause: unknown) => {
      throw unreadable(cause);
    });
    if (bytesRead === 0) throw unreadable(new RangeError(`ends at ${position + filled}`));
    filled += bytesRead;
  }
  return bytes;
}

function unreadable(cause: unknown): Failure {
  return new Failure('storage-failed', 'The file of this recording cannot be read.', {
    cause,
    action: 'Look at the storage on the health page.',
  });
}
