import { type FileHandle, lstat } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { Failure } from '#device/kernel/failure.ts';
import { codeOf, openFile } from './disk.ts';
import { identityFile } from './volume.ts';

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
function pathWithin(directory: string, path: string): string {
  const relative = normalize(path);
  if (isAbsolute(relative) || relative.startsWith('..') || relative.includes('\0')) {
    throw new Failure('storage-failed', 'The index names a file outside the recordings folder.', {
      action: 'Run the check command with --repair.',
    });
  }
  return join(directory, relative);
}

/** A recording's file for reading. `sizeBytes`: what of it is known to be good; bytes behind it are never shown. */
export async function openMediaFile(file: {
  directory: string;
  path: string;
  fileName: string;
  sizeBytes: number;
  isWriting: boolean;
}): Promise<MediaFile> {
  const { directory, path, fileName, sizeBytes, isWriting } = file;
  const handle = await openToRead(directory, path);
  try {
    const stat = await handle.stat({ bigint: true });
    if (stat.size < BigInt(sizeBytes)) throw unreadable(new RangeError(`${stat.size} of ${sizeBytes} bytes`));
    // While it is being written the bytes shown only grow; closing it changes its head, and with it the kind of the tag.
    const etag = isWriting ? `"w-${sizeBytes.toString(36)}"` : `"${sizeBytes.toString(36)}-${stat.mtimeNs.toString(36)}"`;
    const read = (start: number, end: number) => ReadableStream.from(chunksOf(file, start, Math.min(end, sizeBytes - 1)));
    return { fileName, sizeBytes, etag, read };
  } finally {
    await handle.close();
  }
}

async function* chunksOf(
  { directory, path }: { directory: string; path: string },
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, void> {
  const handle = await openToRead(directory, path);
  try {
    for (let position = start; position <= end; position += chunkBytes) {
      yield await readExactly(handle, position, Math.min(chunkBytes, end - position + 1));
    }
  } finally {
    await handle.close();
  }
}

/** `path` within the recordings folder. Throws `not-found` when the file is gone, `storage-failed` when it cannot be opened or its disk is away. */
export async function openToRead(directory: string, path: string): Promise<FileHandle> {
  const file = pathWithin(directory, path);
  try {
    return await openFile(file, 'read');
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw unreadable(cause);
    if (!(await isVolumeThere(directory))) {
      throw new Failure('storage-failed', 'The disk with this recording is not there.', {
        cause,
        action: 'Connect it: what is on it can be played as soon as it is back.',
      });
    }
    throw new Failure('not-found', 'The file of this recording is gone.', {
      cause,
      action: 'It was removed to make room, or by somebody.',
    });
  }
}

/** In the place where a disk was pulled out there is nothing, nor what tells a volume. */
async function isVolumeThere(directory: string): Promise<boolean> {
  const identity = await lstat(join(directory, identityFile)).catch(() => null);
  return identity !== null;
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
