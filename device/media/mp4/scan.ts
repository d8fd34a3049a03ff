import { crc32 } from 'node:zlib';
import { readBoxHeader } from './box.ts';
import { metadataUuid } from './init-segment.ts';
import { type ReadFragment, readFragment } from './read-fragment.ts';
import { type DeclaredTrack, readTracks } from './read-movie.ts';

/** Bytes of a file by position. `read` may answer fewer bytes than asked for at the end of the file, never more. */
export interface ByteReader {
  sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** One `moof` and its `mdat`. */
export interface ScannedPart {
  /** Decode time of its first picture (or sound, when it holds no picture), milliseconds from the file's zero. */
  startMs: number;
  durationMs: number;
  offset: number;
  length: number;
  /** Begins with a key picture. */
  key: boolean;
}

/** A part with what only its file tells. */
export interface FoundPart extends ScannedPart {
  /** Number of its `moof`. */
  sequence: number;
  /** Of the `moof` and the header of the `mdat`. */
  headBytes: number;
}

export interface ScannedFile {
  /** `ftyp` and `moov`; null when the file does not begin with them: then nothing else was found either. */
  init: Uint8Array | null;
  tracks: DeclaredTrack[];
  /** Payload of the metadata box, its padding included. */
  metadata: Uint8Array | null;
  /** The box kept free for an index, and whether the index is in its place; its length is that of the whole place either way. */
  reserved: { offset: number; length: number; filled: boolean } | null;
  parts: FoundPart[];
  /** Up to the end of the last whole part (or of the head, when there is none): everything behind it is torn. */
  validBytes: number;
}

export interface ScanOptions {
  /** Parts that begin at or behind this position have their checksum verified; 0 (all) when absent. */
  verifyFrom?: number;
}

const maximumInitBytes = 1_048_576;
const maximumMetadataBytes = 65_536;
const maximumMoofBytes = 4_194_304;
const maximumHeadBoxes = 16;
const maximumParts = 100_000;
const glanceBytes = 4_096;
const chunkBytes = 65_536;

/**
 * Reads a recording's file, however torn or hostile: never throws for what is in it, never holds more than one `moof` of it.
 * Throws only what `reader.read` throws.
 */
export async function scan(reader: ByteReader, options: ScanOptions = {}): Promise<ScannedFile> {
  const file: ScannedFile = { init: null, tracks: [], metadata: null, reserved: null, parts: [], validBytes: 0 };
  const head = await readHead(reader, file);
  if (head === null) return file;
  file.validBytes = head;
  const verifyFrom = options.verifyFrom ?? 0;
  while (file.parts.length < maximumParts) {
    const part = await readPart(reader, file, file.validBytes >= verifyFrom);
    if (!part) break;
    file.parts.push(part);
    file.validBytes += part.length;
  }
  return file;
}

/** Fills in what stands before the first part and answers where that begins; null when the file has no usable head. */
async function readHead(reader: ByteReader, file: ScannedFile): Promise<number | null> {
  let offset = 0;
  for (let count = 0; count < maximumHeadBoxes; count += 1) {
    const header = await headerAt(reader, offset);
    if (!header || header.type === 'moof') break;
    const end = offset + header.size;
    if (end > reader.sizeBytes) break;
    if (header.type === 'moov') {
      if (end > maximumInitBytes) return null;
      if (!takeInit(file, await readExactly(reader, 0, end))) return null;
    } else if (file.init) {
      await takeHeadBox(reader, file, header.type, offset, header.size);
    } else if (header.type !== 'ftyp') {
      return null;
    }
    offset = end;
  }
  return file.init ? offset : null;
}

function takeInit(file: ScannedFile, init: Uint8Array | null): boolean {
  if (!init || file.init) return false;
  try {
    file.tracks = readTracks(init);
  } catch {
    return false;
  }
  if (file.tracks.length === 0) return false;
  file.init = init;
  return true;
}

async function takeHeadBox(reader: ByteReader, file: ScannedFile, type: string, offset: number, length: number): Promise<void> {
  if (type === 'uuid' && length <= maximumMetadataBytes && !file.metadata) {
    const bytes = await readExactly(reader, offset, length);
    if (bytes && metadataUuid.every((byte, index) => bytes[8 + index] === byte)) file.metadata = bytes.subarray(24);
  }
  if (type === 'sidx' && !file.reserved) file.reserved = { offset, length, filled: true };
  if (type !== 'free') return;
  // The rest of a filled reserve is a free box behind the index; a tiny one in front of it is alignment.
  if (!file.reserved && length >= 64) file.reserved = { offset, length, filled: false };
  else if (file.reserved?.filled && offset === file.reserved.offset + file.reserved.length) file.reserved.length += length;
}

async function readPart(reader: ByteReader, file: ScannedFile, verify: boolean): Promise<FoundPart | null> {
  const offset = file.validBytes;
  const glance = await reader.read(offset, glanceBytes);
  const header = safeHeader(glance);
  if (header?.type !== 'moof' || header.size > maximumMoofBytes || offset + header.size > reader.sizeBytes) return null;
  const moof = header.size <= glance.length ? glance.subarray(0, header.size) : await readExactly(reader, offset, header.size);
  if (!moof) return null;
  const payload = await headerAt(reader, offset + header.size);
  if (payload?.type !== 'mdat') return null;
  const length = header.size + payload.size;
  if (offset + length > reader.sizeBytes) return null;
  try {
    const fragment = readFragment(moof);
    if (!isWhole(fragment, header.size + payload.headerSize, length)) return null;
    const sound =
      !verify ||
      fragment.checksum === null ||
      fragment.checksum === (await checksumOf(reader, offset + header.size + payload.headerSize, offset + length));
    return sound ? describe(fragment, file.tracks, { offset, length, headBytes: header.size + payload.headerSize }) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Every sample lies within the payload. */
function isWhole(fragment: ReadFragment, payloadStart: number, end: number): boolean {
  return fragment.tracks.every((track) =>
    track.samples.every((sample) => sample.offset >= payloadStart && sample.offset + sample.sizeBytes <= end),
  );
}

async function checksumOf(reader: ByteReader, start: number, end: number): Promise<number> {
  let checksum = 0;
  for (let offset = start; offset < end; offset += chunkBytes) {
    const bytes = await readExactly(reader, offset, Math.min(chunkBytes, end - offset));
    if (!bytes) return -1;
    checksum = crc32(bytes, checksum);
  }
  return checksum;
}

function describe(
  fragment: ReadFragment,
  tracks: DeclaredTrack[],
  place: Pick<FoundPart, 'offset' | 'length' | 'headBytes'>,
): FoundPart | null {
  const pick = (kind: 'video' | 'audio') => {
    const declared = tracks.find((track) => track.kind === kind);
    const run = fragment.tracks.find((track) => track.trackId === declared?.id && track.samples.length > 0);
    return declared && run ? { declared, run } : null;
  };
  const chosen = pick('video') ?? pick('audio');
  if (!chosen) return null;
  const { declared, run } = chosen;
  const ticks = run.samples.reduce((sum, sample) => sum + sample.duration, 0);
  const startMs = Math.round((run.decodeTime * 1000) / declared.timescale);
  const durationMs = Math.round(((run.decodeTime + ticks) * 1000) / declared.timescale) - startMs;
  const key = declared.kind === 'video' && run.samples[0]?.key === true;
  return { startMs, durationMs, ...place, key, sequence: fragment.sequence };
}

async function headerAt(reader: ByteReader, offset: number): Promise<ReturnType<typeof readBoxHeader>> {
  return safeHeader(await reader.read(offset, 16));
}

function safeHeader(bytes: Uint8Array): ReturnType<typeof readBoxHeader> {
  try {
    return readBoxHeader(bytes, 0);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function readExactly(reader: ByteReader, offset: number, length: number): Promise<Uint8Array | null> {
  const bytes = await reader.read(offset, length);
  return bytes.length === length ? bytes : null;
}
