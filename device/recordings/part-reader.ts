import type { FileHandle } from 'node:fs/promises';
import { Failure } from '#device/kernel/failure.ts';
import { readBoxHeader } from '#device/media/mp4/box.ts';
import { type ReadFragment, readFragment } from '#device/media/mp4/read-fragment.ts';
import { readStreamFormat } from '#device/media/mp4/reader.ts';
import type { StreamFormat } from '#device/media/packet.ts';
import { readExactly } from './file-source.ts';
import type { Part } from './model.ts';
import { payloadHeaderBytes } from './movie-fragment.ts';

/** Reads pieces of a recording's file. Everything rejects with Failure `storage-failed` when the medium fails or the bytes are damaged. */

const initMaxBytes = 1_048_576;
const movieFragmentMaxBytes = 4_194_304;
const glanceBytes = 8_192;

export async function readFormat(handle: FileHandle, initBytes: number): Promise<StreamFormat> {
  if (initBytes > initMaxBytes) throw damaged();
  const init = await readExactly(handle, 0, initBytes);
  return understood(() => readStreamFormat(init));
}

/** What a part holds, without its media. */
export async function readPartFragment(handle: FileHandle, part: Part): Promise<ReadFragment> {
  const head = await readPartHead(handle, part);
  return understood(() => readFragment(head));
}

/** The `moof` of a part and the header of the `mdat` behind it, usually with one read. */
export async function readPartHead(handle: FileHandle, part: Part): Promise<Uint8Array> {
  const glance = await readExactly(handle, part.offset, Math.min(glanceBytes, part.length));
  const header = understood(() => readBoxHeader(glance, 0));
  if (header?.type !== 'moof' || header.size > movieFragmentMaxBytes) throw damaged();
  const length = header.size + payloadHeaderBytes;
  if (length > part.length) throw damaged();
  return length <= glance.length ? glance.subarray(0, length) : readExactly(handle, part.offset, length);
}

/** What a reader cannot make sense of is damage, said in plain words. */
export function understood<T>(reader: () => T): T {
  try {
    return reader();
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged(cause);
    throw cause;
  }
}

export function damaged(cause?: unknown): Failure {
  return new Failure('storage-failed', 'A recording in this time is damaged.', { cause, action: 'Run the check command with --repair.' });
}
