import { crc32 } from 'node:zlib';
import { Failure } from '#device/kernel/failure.ts';
import { jpegSize } from '#device/media/jpeg-size.ts';
import { concat } from '#device/media/mp4/box.ts';
import { fragment } from '#device/media/mp4/fragment.ts';
import { durationOffset, initSegment, movieDuration } from '#device/media/mp4/init-segment.ts';
import { readFragment } from '#device/media/mp4/read-fragment.ts';
import { type FoundPart, scan } from '#device/media/mp4/scan.ts';
import { jpegSampleEntry } from '#device/media/mp4/visual-entry.ts';
import type { StreamFormat } from '#device/media/packet.ts';
import type { Disk, DiskFile } from '../disk.ts';

/**
 * A reel is one day of time-lapse: a fragmented MP4 with one JPEG a part, which plays at a constant rate. The number of each part is the second
 * at which its picture was taken: numbers have to rise, and nothing else.
 */
export interface Reel {
  /** Up to the end of the last whole picture. */
  sizeBytes: number;
  /** What is behind that is torn. */
  fileBytes: number;
  pictures: readonly ReelPicture[];
  /** Where the length of the film stands; null when its head is not ours. */
  durationAt: number | null;
}

export interface ReelPicture {
  takenMs: number;
  offset: number;
  sizeBytes: number;
}

export interface TakenPicture {
  jpeg: Uint8Array;
  takenMs: number;
}

const picturesPerSecond = 25;
const pictureMs = 1_000 / picturesPerSecond;

/** null when there is no such file; without pictures when there is nothing whole in it. Rejects as the operating system does. */
export async function readReel(disk: Disk, path: string): Promise<Reel | null> {
  const fileBytes = await disk.sizeOf(path);
  if (fileBytes === null) return null;
  const file = await disk.open(path, 'read');
  try {
    const found = await scan(
      { sizeBytes: fileBytes, read: (offset, length) => file.read(offset, length) },
      { verifyFrom: Number.POSITIVE_INFINITY },
    );
    // Each picture was synced before the next was begun: only the last may be there by its length alone.
    const last = found.parts.at(-1);
    const isSound = last === undefined || (await isWhole(file, last));
    const parts = isSound ? found.parts : found.parts.slice(0, -1);
    const sizeBytes = isSound || !last ? found.validBytes : last.offset;
    return { sizeBytes, fileBytes, pictures: parts.map(pictureOf), durationAt: found.init ? durationOffset(found.init) : null };
  } finally {
    await file.close();
  }
}

/** Behind the last whole picture, synced. The folder is the caller's to sync when the reel is new. */
export async function addPicture(disk: Disk, path: string, reel: Reel | null, picture: TakenPicture): Promise<Reel> {
  const fresh = !reel || reel.pictures.length === 0 || reel.durationAt === null;
  if (fresh && reel) await disk.unlink(path);
  const file = fresh ? await disk.create(path) : await disk.open(path, 'change');
  try {
    return await (fresh ? beginReel(file, picture) : continueReel(file, reel, picture));
  } finally {
    await file.close();
  }
}

async function beginReel(file: DiskFile, picture: TakenPicture): Promise<Reel> {
  const format = formatOf(picture.jpeg);
  const init = initSegment(format);
  const durationAt = durationOffset(init);
  if (durationAt !== null) init.set(movieDuration(pictureMs), durationAt);
  const part = partOf(0, picture);
  await file.write(0, concat([init, part]));
  await file.sync();
  return grown({ sizeBytes: init.length, fileBytes: 0, pictures: [], durationAt }, part.length, picture);
}

async function continueReel(file: DiskFile, reel: Reel, picture: TakenPicture): Promise<Reel> {
  const part = partOf(reel.pictures.length, picture);
  await file.truncate(reel.sizeBytes);
  try {
    await file.write(reel.sizeBytes, part);
    if (reel.durationAt !== null) await file.write(reel.durationAt, movieDuration((reel.pictures.length + 1) * pictureMs));
    await file.datasync();
  } catch (error) {
    // So that what is torn takes no room on a full disk; whoever reads it would leave it aside anyway.
    await file.truncate(reel.sizeBytes).catch(() => {});
    throw error;
  }
  return grown(reel, part.length, picture);
}

function grown(reel: Reel, partBytes: number, { jpeg, takenMs }: TakenPicture): Reel {
  const sizeBytes = reel.sizeBytes + partBytes;
  const picture = { takenMs: wholeSeconds(takenMs) * 1_000, offset: sizeBytes - jpeg.length, sizeBytes: jpeg.length };
  return { ...reel, sizeBytes, fileBytes: sizeBytes, pictures: [...reel.pictures, picture] };
}

function partOf(index: number, { jpeg, takenMs }: TakenPicture): Uint8Array {
  const packet = { track: 'video', dts: index, compositionOffset: 0, duration: 1, key: true, data: jpeg } as const;
  return fragment(wholeSeconds(takenMs), [packet], { video: 0, audio: 0 }, { checksum: true });
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

function pictureOf({ sequence, offset, length, headBytes }: FoundPart): ReelPicture {
  return { takenMs: sequence * 1_000, offset: offset + headBytes, sizeBytes: length - headBytes };
}

async function isWhole(file: DiskFile, { offset, length, headBytes }: FoundPart): Promise<boolean> {
  const { checksum } = readFragment(await file.read(offset, headBytes));
  return checksum === crc32(await file.read(offset + headBytes, length - headBytes));
}

/** Later pictures of the day may have another size, as each JPEG tells its own. */
function formatOf(jpeg: Uint8Array): StreamFormat {
  const size = jpegSize(jpeg);
  if (!size) throw new Failure('unavailable', 'What came from the camera is no picture.');
  const { width, height } = size;
  const sampleEntry = jpegSampleEntry(width, height);
  return { video: { codec: 'mjpeg', codecString: 'mp4v.6C', width, height, timescale: picturesPerSecond, sampleEntry }, audio: null };
}
