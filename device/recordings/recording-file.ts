import { dirname } from 'node:path';
import { type BaseTimes, baseTimesAt, fragmentPieces } from '#device/media/mp4/fragment.ts';
import { durationOffset, initSegment, movieDuration } from '#device/media/mp4/init-segment.ts';
import { fillReserve, reservedBytesFor } from '#device/media/mp4/segment-index.ts';
import type { Packet, StreamFormat } from '#device/media/packet.ts';
import type { Disk, DiskFile } from './disk.ts';
import type { Part } from './model.ts';

export interface NewRecordingFile {
  path: string;
  format: StreamFormat;
  metadata: Uint8Array;
  maxLengthMs: number;
  /** The first video packet: its instant is the file's zero. */
  first: Packet;
}

/**
 * A recording's file while it is written. Every step may be repeated after an error: positions only move on when a step has succeeded.
 * One caller at a time.
 */
export class RecordingFile {
  readonly initBytes: number;
  readonly parts: Part[] = [];
  readonly #disk: Disk;
  readonly #file: DiskFile;
  readonly #path: string;
  readonly #format: StreamFormat;
  readonly #base: BaseTimes;
  readonly #head: Uint8Array;
  readonly #reserved: { offset: number; length: number };
  #sizeBytes = 0;
  #synced = 0;

  private constructor(disk: Disk, file: DiskFile, options: NewRecordingFile) {
    this.#disk = disk;
    this.#file = file;
    this.#path = options.path;
    this.#format = options.format;
    this.#base = baseTimesAt(options.format, options.first);
    const reservedBytes = reservedBytesFor(Math.ceil(options.maxLengthMs / 1000) + 8);
    this.initBytes = initSegment(options.format).length;
    this.#head = initSegment(options.format, { metadata: options.metadata, reservedBytes });
    this.#reserved = { offset: this.#head.length - reservedBytes, length: reservedBytes };
  }

  /** Writes nothing yet: the head goes with the first part, so that a file is never without one for long. */
  static async create(disk: Disk, options: NewRecordingFile): Promise<RecordingFile> {
    const folder = dirname(options.path);
    await disk.makeDirectory(folder);
    await disk.syncDirectory(dirname(folder));
    return new RecordingFile(disk, await disk.create(options.path), options);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get durationMs(): number {
    const last = this.parts.at(-1);
    return last ? last.startMs + last.durationMs : 0;
  }

  /** When these packets begin, milliseconds from the start; null without video. */
  startMsOf(packets: readonly Packet[]): number | null {
    const first = packets.find((packet) => packet.track === 'video');
    return first ? this.#millisecondsOf(first.dts) : null;
  }

  get isSynced(): boolean {
    return this.#synced === this.#sizeBytes;
  }

  /** Appends one part of packets in decode order, beginning with video. */
  async append(packets: readonly Packet[]): Promise<void> {
    const video = packets.filter((packet) => packet.track === 'video');
    const first = video[0];
    const last = video.at(-1);
    if (!first || !last) return;
    // There is a lot of video: a copy of it that is thrown away at once would keep the collector of memory busy.
    const pieces = fragmentPieces(this.parts.length + 1, packets, this.#base, { checksum: true });
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (this.#sizeBytes === 0) {
      await this.#file.write(0, this.#head);
      this.#sizeBytes = this.#head.length;
    }
    await this.#file.write(this.#sizeBytes, ...pieces);
    const startMs = this.#millisecondsOf(first.dts);
    const durationMs = this.#millisecondsOf(last.dts + last.duration) - startMs;
    this.parts.push({ startMs, durationMs, offset: this.#sizeBytes, length, key: first.key });
    this.#sizeBytes += length;
  }

  async sync(): Promise<void> {
    const sizeBytes = this.#sizeBytes;
    if (this.#synced === 0) {
      await this.#file.sync();
      await this.#disk.syncDirectory(dirname(this.#path));
    } else {
      await this.#file.datasync();
    }
    this.#synced = sizeBytes;
  }

  /** Puts the index in its place and makes everything durable. The row follows after this. */
  async finish(): Promise<void> {
    // What a failed write left behind the last whole part.
    await this.#file.truncate(this.#sizeBytes);
    await finishFile(this.#file, {
      init: this.#head.subarray(0, this.initBytes),
      reserved: this.#reserved,
      parts: this.parts,
      timescale: this.#format.video.timescale,
    });
    await this.#disk.syncDirectory(dirname(this.#path));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #millisecondsOf(dts: number): number {
    return Math.round(((dts - this.#base.video) * 1000) / this.#format.video.timescale);
  }
}

export interface FinishedFile {
  init: Uint8Array;
  /** null: the file has no room for an index. A `free` box until the index is in it. */
  reserved: { offset: number; length: number } | null;
  parts: readonly Part[];
  /** Of the video track. */
  timescale: number;
}

/**
 * The index and the duration, so that a crash between any two steps leaves a file that plays: the index is written into the payload of
 * the `free` box, synced, and becomes an index by one write of 8 aligned bytes.
 */
export async function finishFile(file: DiskFile, { init, reserved, parts, timescale }: FinishedFile): Promise<void> {
  const index = reserved ? fillReserve(reserved, parts, timescale) : null;
  if (reserved && index) {
    await file.write(reserved.offset + 8, index.body);
    await file.datasync();
    await file.write(reserved.offset, index.header);
  }
  const at = durationOffset(init);
  const last = parts.at(-1);
  if (at !== null && last) await file.write(at, movieDuration(last.startMs + last.durationMs));
  await file.sync();
}
