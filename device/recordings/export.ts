import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '#device/kernel/failure.ts';
import type { ReadFragment } from '#device/media/mp4/read-fragment.ts';
import type { StreamFormat } from '#device/media/packet.ts';
import { type ExportPiece, type ExportPlan, exportFingerprint, type OpenedCut, planExport, trackSeconds } from './export-plan.ts';
import { type MediaFile, openToRead, readExactly } from './file-source.ts';
import type { Part } from './model.ts';
import { patchPart } from './movie-fragment.ts';
import { damaged, readFormat, readPartFragment, readPartHead, understood } from './part-reader.ts';
import type { Cut } from './span.ts';

const chunkBytes = 262_144;
/** Parts of at least half a second: sound that ended longer before the pictures collides with nothing. */
const lastPartsRead = 8;

/**
 * One MP4 of all cuts, made while it is read, nothing written. The head and both ends of each file are read at once, so that length and
 * content are settled; a file that is removed while the export is read fails the stream. Throws `not-found` when no file is
 * there, `conflict` when the video codec changed within.
 */
export async function openExport(directory: string, cuts: readonly Cut[], fileName: string): Promise<MediaFile> {
  const opened: OpenedCut[] = [];
  for (const cut of cuts) {
    const found = await openCut(directory, cut).catch(absentWhenGone);
    if (found) opened.push(found);
  }
  if (opened.length === 0) throw new Failure('not-found', 'Nothing was recorded in this time.');
  refuseCodecChange(opened);
  const plan = understood(() => planExport(opened));
  const etag = `"x-${createHash('sha256')
    .update(exportFingerprint(opened.map(({ cut }) => cut)))
    .digest('base64url')
    .slice(0, 32)}"`;
  return {
    fileName,
    etag,
    sizeBytes: plan.sizeBytes,
    read: (start, end) => ReadableStream.from(bytesOf(directory, plan, start, Math.min(end, plan.sizeBytes - 1))),
  };
}

/** What was removed to make room since the index was asked is no longer part of the span. */
function absentWhenGone(error: unknown): null {
  if (error instanceof Failure && error.kind === 'not-found') return null;
  throw error;
}

/** One track holds one codec: players take the first and fail at the second. */
function refuseCodecChange(opened: readonly OpenedCut[]): void {
  const other = opened.find(({ format }) => format.video.codec !== opened[0]?.format.video.codec);
  if (!other) return;
  const changed = new Date(other.cut.recording.startWallMs).toISOString();
  throw new Failure('conflict', `The camera changed its video codec at ${changed}; one file cannot hold both.`, {
    action: 'Export the time before and the time after it separately.',
  });
}

async function openCut(directory: string, cut: Cut): Promise<OpenedCut> {
  const [first] = cut.parts;
  if (!first) throw damaged();
  const handle = await openToRead(directory, cut.recording.path);
  try {
    const format = await readFormat(handle, cut.recording.initBytes);
    return { cut, format, first: await readPartFragment(handle, first), last: await lastFragments(handle, cut.parts, format) };
  } finally {
    await handle.close();
  }
}

async function lastFragments(handle: FileHandle, parts: readonly Part[], format: StreamFormat): Promise<ReadFragment[]> {
  const found: ReadFragment[] = [];
  const meets = (track: 'video' | 'audio'): boolean => found.some((fragment) => trackSeconds(fragment, format, track) !== null);
  for (const part of parts.slice(-lastPartsRead).reverse()) {
    found.push(await readPartFragment(handle, part));
    if (meets('video') && (!format.audio || meets('audio'))) break;
  }
  return found;
}

/** The bytes from `start` to `end`, both included, one file open at a time. */
async function* bytesOf(directory: string, plan: ExportPlan, start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
  if (start < plan.head.length) yield plan.head.slice(start, Math.min(plan.head.length, end + 1));
  let handle: FileHandle | null = null;
  let openPath: string | null = null;
  try {
    for (let index = pieceAt(plan.pieces, start); index < plan.pieces.length; index += 1) {
      const piece = plan.pieces[index];
      if (!piece || piece.outOffset > end) return;
      if (!handle || openPath !== piece.path) {
        await handle?.close();
        handle = null;
        handle = await openToRead(directory, piece.path);
        openPath = piece.path;
      }
      yield* pieceBytes(handle, piece, Math.max(0, start - piece.outOffset), Math.min(piece.outLength - 1, end - piece.outOffset));
    }
  } finally {
    await handle?.close();
  }
}

/** The piece that holds the byte; 0 when it lies in the head. */
function pieceAt(pieces: readonly ExportPiece[], position: number): number {
  let low = 0;
  let high = pieces.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.outOffset ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low;
}

async function* pieceBytes(handle: FileHandle, piece: ExportPiece, start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
  const original = await readPartHead(handle, piece.part);
  const patched = understood(() => patchPart(original, piece));
  if (start < patched.length) yield patched.slice(start, Math.min(patched.length, end + 1));
  // Behind it every byte is the file's own.
  const inFile = piece.part.offset + original.length - patched.length;
  for (let position = Math.max(start, patched.length); position <= end; position += chunkBytes) {
    yield await readExactly(handle, inFile + position, Math.min(chunkBytes, end - position + 1));
  }
}
