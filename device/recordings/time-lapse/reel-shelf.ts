import { dirname, join } from 'node:path';
import { Failure } from '#device/kernel/failure.ts';
import { codeOf, type Disk } from '../disk.ts';
import { addPicture, type Reel, readReel, type TakenPicture } from './reel-file.ts';
import type { KeptReel } from './reel-retention.ts';

/** Below the recordings, so that it is on their volume; with a dot, so that nobody takes it for a camera. */
const shelfFolder = '.time-lapse';
const cameraFolder = /^[a-z0-9-]{1,80}$/;
const reelName = /^(\d{4}-\d{2}-\d{2})\.mp4$/;
const remembered = 8;

/** The reels of all cameras: one folder a camera, one file a day. */
export class ReelShelf {
  readonly #disk: Disk;
  readonly #recordings: string;
  /** What was read last, so that each picture of a film does not cost reading through its file. */
  readonly #read = new Map<string, Reel>();

  constructor(disk: Disk, recordings: string) {
    this.#disk = disk;
    this.#recordings = recordings;
  }

  async all(): Promise<KeptReel[]> {
    const folders = await this.#disk.list(join(this.#recordings, shelfFolder));
    const ids = folders.filter(({ name, isDirectory }) => isDirectory && cameraFolder.test(name)).map(({ name }) => name);
    return (await Promise.all(ids.map((id) => this.of(id)))).flat();
  }

  /** Newest first. */
  async of(cameraId: string): Promise<KeptReel[]> {
    if (!cameraFolder.test(cameraId)) return [];
    const folder = join(this.#recordings, shelfFolder, cameraId);
    const days = (await this.#disk.list(folder)).flatMap(({ name, isFile }) => (isFile ? (reelName.exec(name)?.[1] ?? []) : [])).sort();
    const sizes = await Promise.all(days.map((day) => this.#disk.sizeOf(this.path(cameraId, day))));
    return days.map((day, index) => ({ cameraId, day, sizeBytes: sizes[index] ?? 0 })).reverse();
  }

  /** null when there is none, or nothing whole in it. */
  async reel(cameraId: string, day: string): Promise<Reel | null> {
    if (!cameraFolder.test(cameraId) || !reelName.test(`${day}.mp4`)) return null;
    const path = this.path(cameraId, day);
    const known = this.#read.get(path);
    const isKnown = known?.fileBytes === (await this.#disk.sizeOf(path));
    const reel = known && isKnown ? known : await readReel(this.#disk, path);
    if (reel) this.#remember(path, reel);
    else this.#read.delete(path);
    return reel && reel.pictures.length > 0 ? reel : null;
  }

  async picture(cameraId: string, day: string, takenMs: number): Promise<Uint8Array> {
    const found = (await this.reel(cameraId, day))?.pictures.find((picture) => picture.takenMs === takenMs);
    if (!found) throw new Failure('not-found', 'There is no such picture.');
    const file = await this.#disk.open(this.path(cameraId, day), 'read');
    try {
      return await file.read(found.offset, found.sizeBytes);
    } finally {
      await file.close();
    }
  }

  async add(cameraId: string, day: string, picture: TakenPicture): Promise<void> {
    const path = this.path(cameraId, day);
    const folder = dirname(path);
    const before = await this.reel(cameraId, day);
    const isThere = before !== null || (await this.#disk.sizeOf(path)) !== null;
    if (!isThere) for (const made of [dirname(folder), folder]) await this.#disk.makeDirectory(made);
    try {
      this.#remember(path, await addPicture(this.#disk, path, before ?? (isThere ? nothingWhole : null), picture));
    } catch (error) {
      this.#read.delete(path);
      throw error;
    }
    if (isThere) return;
    for (const made of [folder, dirname(folder), this.#recordings]) await this.#disk.syncDirectory(made);
  }

  async remove(cameraId: string, day: string): Promise<void> {
    const path = this.path(cameraId, day);
    this.#read.delete(path);
    await this.#disk.unlink(path).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    await this.#disk.syncDirectory(dirname(path));
  }

  path(cameraId: string, day: string): string {
    return join(this.#recordings, shelfFolder, cameraId, `${day}.mp4`);
  }

  #remember(path: string, reel: Reel): void {
    this.#read.delete(path);
    this.#read.set(path, reel);
    const [oldest] = this.#read.keys();
    if (this.#read.size > remembered && oldest !== undefined) this.#read.delete(oldest);
  }
}

/** A file that a crash left before its first picture was whole. */
const nothingWhole: Reel = { sizeBytes: 0, fileBytes: 0, pictures: [], durationAt: null };
