import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '#device/kernel/atomic-file.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { videoTrackId } from '#device/media/mp4/init-segment.ts';
import type { Packet, StreamFormat } from '#device/media/packet.ts';
import { openToRead, readExactly } from './file-source.ts';
import type { RecordingSummary } from './index-schema.ts';
import type { Part } from './model.ts';
import { damaged, readFormat, readPartFragment } from './part-reader.ts';

/** Decodes one key picture to a small JPEG; null when it cannot. Answers in bounded time. */
export type JpegOf = (picture: { format: StreamFormat; packets: Packet[] }) => Promise<Uint8Array | null>;

export interface ThumbnailsDeps {
  recordingsDirectory: string;
  /** Holds nothing else: the oldest of it go when it is full. */
  directory: string;
  jpegOf: JpegOf;
  /** The moment worth showing, milliseconds from the recording's start; null when nobody knows. */
  bestMomentMs?: (recording: RecordingSummary) => Promise<number | null>;
  /** 64 MiB when absent. */
  maxBytes?: number;
  logger: Logger;
}

const running = 2;
const waitingMax = 64;
const sampleMaxBytes = 16_777_216;
const cachedName = /^[a-zA-Z0-9-]{1,64}\.jpg$/;

/** Thumbnails of recordings, made when first asked for and kept in a bounded folder of their own: losing it loses nothing. */
export class Thumbnails {
  readonly #deps: ThumbnailsDeps;
  readonly #inFlight = new Map<string, Promise<Uint8Array | null>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Bytes in the folder; null until somebody looked. */
  #cachedBytes: number | null = null;

  constructor(deps: ThumbnailsDeps) {
    this.#deps = deps;
  }

  /** null when none can be made, or too many are being made. Never rejects for what is wrong with the file. */
  async of(recording: RecordingSummary, parts: readonly Part[]): Promise<Uint8Array | null> {
    const cached = await this.#read(recording.id);
    if (cached) return cached;
    const same = this.#inFlight.get(recording.id);
    if (same) return same;
    if (this.#waiting.length >= waitingMax) return null;
    const making = this.#inTurn(() => this.#make(recording, parts)).finally(() => this.#inFlight.delete(recording.id));
    this.#inFlight.set(recording.id, making);
    return making;
  }

  /** To be called when a recording is deleted. */
  async forget(recordingId: string): Promise<void> {
    const path = this.#pathOf(recordingId);
    if (path) await rm(path, { force: true });
  }

  async #make(recording: RecordingSummary, parts: readonly Part[]): Promise<Uint8Array | null> {
    try {
      const part = keyPartNear(parts, (await this.#deps.bestMomentMs?.(recording)) ?? likelyMomentMs(recording));
      if (!part) return null;
      const picture = await readKeyPicture(this.#deps.recordingsDirectory, recording, part);
      const jpeg = await this.#deps.jpegOf(picture);
      // One that is still being written may yet have a better moment.
      if (jpeg && recording.state === 'closed') await this.#keep(recording.id, jpeg);
      return jpeg;
    } catch (error) {
      this.#deps.logger.warn({ err: error, recordingId: recording.id }, 'no thumbnail could be made');
      return null;
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= running) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed on, so that nobody who comes in between takes it.
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #read(recordingId: string): Promise<Uint8Array | null> {
    const path = this.#pathOf(recordingId);
    return path ? readFile(path).catch(() => null) : null;
  }

  async #keep(recordingId: string, jpeg: Uint8Array): Promise<void> {
    const path = this.#pathOf(recordingId);
    if (!path) return;
    await mkdir(this.#deps.directory, { recursive: true });
    await writeFileAtomically(path, jpeg);
    this.#cachedBytes = this.#cachedBytes === null ? null : this.#cachedBytes + jpeg.length;
    await this.#trim();
  }

  /** Looks into the folder at first and when it seems full; then the oldest fifth goes. */
  async #trim(): Promise<void> {
    const maxBytes = this.#deps.maxBytes ?? 67_108_864;
    if (this.#cachedBytes !== null && this.#cachedBytes <= maxBytes) return;
    const names = (await readdir(this.#deps.directory)).filter((name) => cachedName.test(name));
    const files = await Promise.all(names.map((name) => fileFacts(join(this.#deps.directory, name))));
    let bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    for (const file of bytes > maxBytes ? files.sort((one, other) => one.changedMs - other.changedMs) : []) {
      if (bytes <= maxBytes * 0.8) break;
      await rm(file.path, { force: true });
      bytes -= file.sizeBytes;
    }
    this.#cachedBytes = bytes;
  }

  #pathOf(recordingId: string): string | null {
    const name = `${recordingId}.jpg`;
    return cachedName.test(name) ? join(this.#deps.directory, name) : null;
  }
}

async function fileFacts(path: string): Promise<{ path: string; sizeBytes: number; changedMs: number }> {
  const facts = await stat(path).catch(() => null);
  return { path, sizeBytes: facts?.size ?? 0, changedMs: facts?.mtimeMs ?? 0 };
}

/** Motion begins behind the pre-roll; anything else is as good in the middle as elsewhere. */
function likelyMomentMs({ trigger, durationMs }: RecordingSummary): number {
  return trigger === 'motion' ? Math.min(durationMs / 2, 12_000) : durationMs / 2;
}

/** The key part at or before the moment, else the first one. */
function keyPartNear(parts: readonly Part[], momentMs: number): Part | null {
  return parts.findLast((part) => part.key && part.startMs <= momentMs) ?? parts.find((part) => part.key) ?? null;
}

/** The picture with which a key part begins, and nothing else of the file. */
async function readKeyPicture(
  directory: string,
  { path, initBytes }: RecordingSummary,
  part: Part,
): Promise<{ format: StreamFormat; packets: Packet[] }> {
  const handle = await openToRead(directory, path);
  try {
    const format = await readFormat(handle, initBytes);
    const { tracks } = await readPartFragment(handle, part);
    const track = tracks.find(({ trackId, samples }) => trackId === videoTrackId && samples.length > 0);
    const sample = track?.samples[0];
    if (!track || !sample?.key || sample.sizeBytes > sampleMaxBytes || sample.offset + sample.sizeBytes > part.length) throw damaged();
    const data = await readExactly(handle, part.offset + sample.offset, sample.sizeBytes);
    const { compositionOffset, duration } = sample;
    return { format, packets: [{ track: 'video', dts: track.decodeTime, compositionOffset, duration, key: true, data }] };
  } finally {
    await handle.close();
  }
}
