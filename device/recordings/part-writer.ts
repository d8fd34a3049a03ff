import { join } from 'node:path';
import type { Clock } from '#device/kernel/clock.ts';
import type { Failure } from '#device/kernel/failure.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { codeOf, type Disk } from './disk.ts';
import { diskTroubleOf, storageFailure } from './disk-failure.ts';
import { encodeMetadata } from './file-metadata.ts';
import type { Part, RecordingRow } from './model.ts';
import { RecordingFile } from './recording-file.ts';
import type { RecordingIndex, TriggerMark } from './recording-index.ts';

export type WriteCommand =
  /** The row's `path`, start and trigger are decided; its size and parts grow while it is written. */
  | { kind: 'open'; row: RecordingRow; format: StreamFormat; first: TimedPacket; maxLengthMs: number }
  | { kind: 'part'; id: string; packets: TimedPacket[]; sizeBytes: number }
  /** Also for a recording closed before. */
  | { kind: 'mark'; id: string; mark: TriggerMark }
  | { kind: 'sync'; id: string }
  | { kind: 'close'; id: string };

export interface PartWriterDeps {
  disk: Disk;
  /** The recordings folder. */
  folder: string;
  index: RecordingIndex;
  clock: Clock;
  /** Asked before each new file: the volume may have gone since anyone looked, and its place must stay empty. */
  volumeProblem(): Promise<Failure | null>;
  /** Resolves when `bytes` more may be written; rejects with Failure `storage-full` when they may not. */
  makeRoom(bytes: number, diskSaysFull: boolean): Promise<void>;
  /** Bytes of packets that reached a file. */
  recorded(bytes: number): void;
  /** A row as it is now: opened, marked, closed. */
  changed(row: Omit<RecordingRow, 'parts'>): void;
  /** Writing gave up on this recording: its row stays `writing` for the repair, the queue behind it is dropped. */
  failed(failure: Failure, recordingId: string | null): void;
}

/** A continuous recording is synced when this much of it is at stake: with a part and the sync itself less than 10 s. */
const continuousBudgetMs = 7_000;
/** The row of a growing recording follows its synced parts no more often than this: a commit costs more than a part. */
const rowIntervalMs = 4_000;
/** Each attempt deletes at least one recording. */
const roomAttempts = 20;

interface OpenRecording {
  row: RecordingRow;
  file: RecordingFile;
  hasRow: boolean;
  rowAtBootMs: number;
  /** Presentation time of the first packet that is not synced. */
  unsyncedSinceMs: number | null;
  syncedAtBootMs: number;
}

/** The one that writes for a camera: takes commands at once, does them in order, one at a time. */
export class PartWriter {
  readonly #deps: PartWriterDeps;
  readonly #queue: WriteCommand[] = [];
  #queuedBytes = 0;
  #working: Promise<void> | null = null;
  #open: OpenRecording | null = null;

  constructor(deps: PartWriterDeps) {
    this.#deps = deps;
  }

  /** Bytes of packets that are not yet in a file. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** What of the recording being written is safe on disk; null for any other. */
  synced(id: string): { parts: readonly Part[]; sizeBytes: number } | null {
    const row = this.#open?.hasRow && this.#open.row.id === id ? this.#open.row : null;
    return row && { parts: row.parts, sizeBytes: row.sizeBytes };
  }

  /** Path of the file being written, or about to be. */
  get paths(): string[] {
    const waiting = this.#queue.flatMap((command) => (command.kind === 'open' ? [command.row.path] : []));
    return this.#open ? [this.#open.row.path, ...waiting] : waiting;
  }

  enqueue(command: WriteCommand): void {
    this.#queue.push(command);
    if (command.kind === 'part') this.#queuedBytes += command.sizeBytes;
    this.#working ??= this.#work();
  }

  /** Asks for a sync when a stream that stalled would otherwise leave too much unsynced. */
  tick(nowBootMs: number): void {
    const since = this.#open?.unsyncedSinceMs ?? null;
    if (this.#open && since !== null && nowBootMs - since >= continuousBudgetMs && this.#working === null) {
      this.enqueue({ kind: 'sync', id: this.#open.row.id });
    }
  }

  /** When everything asked for so far is done or given up. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async #work(): Promise<void> {
    try {
      for (let command = this.#queue[0]; command; command = this.#queue[0]) {
        await this.#withRoom(command);
        this.#queue.shift();
        if (command.kind === 'part') this.#queuedBytes -= command.sizeBytes;
      }
    } catch (error) {
      await this.#giveUp(error);
    } finally {
      this.#working = this.#queue.length > 0 ? this.#work() : null;
    }
  }

  /** Does a command; when the disk says it is full, the oldest recordings go and the same step is done again. */
  async #withRoom(command: WriteCommand): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (command.kind === 'part') await this.#deps.makeRoom(command.sizeBytes, false);
        await this.#execute(command);
        return;
      } catch (error) {
        if (diskTroubleOf(error) !== 'full' || attempt >= roomAttempts) throw error;
        await this.#deps.makeRoom(command.kind === 'part' ? command.sizeBytes : 0, true);
      }
    }
  }

  async #execute(command: WriteCommand): Promise<void> {
    if (command.kind === 'open') return this.#begin(command);
    if (command.kind === 'mark') return this.#mark(command.id, command.mark);
    const open = this.#open;
    if (open?.row.id !== command.id) return;
    if (command.kind === 'part') await this.#append(open, command.packets);
    if (command.kind === 'sync') await this.#sync(open);
    if (command.kind === 'close') await this.#close(open);
  }

  async #begin({ row, format, first, maxLengthMs }: WriteCommand & { kind: 'open' }): Promise<void> {
    if (this.#open) await this.#close(this.#open);
    const problem = await this.#deps.volumeProblem();
    if (problem) throw problem;
    const { id, cameraId, cameraName, bootId, startBootMs, startWallMs, clock, trigger, videoCodecString, width, height, hasAudio } = row;
    const identity = { version: 1, id, cameraId, cameraName, bootId, startBootMs, startWallMs, clock, trigger } as const;
    const metadata = encodeMetadata({ ...identity, videoCodecString, width, height, hasAudio });
    const path = join(this.#deps.folder, row.path);
    const file = await RecordingFile.create(this.#deps.disk, { path, format, metadata, maxLengthMs, first }).catch(async (error) => {
      // It went since it was asked for.
      throw (codeOf(error) === 'ENOENT' && (await this.#deps.volumeProblem())) || error;
    });
    row.initBytes = file.initBytes;
    const now = this.#deps.clock.boot();
    this.#open = { row, file, hasRow: false, rowAtBootMs: now, unsyncedSinceMs: null, syncedAtBootMs: now };
  }

  async #append(open: OpenRecording, packets: TimedPacket[]): Promise<void> {
    // Written already when only the sync behind it failed the last time.
    if (open.file.parts.at(-1)?.startMs !== open.file.startMsOf(packets)) {
      await open.file.append(packets);
      this.#deps.recorded(packets.reduce((sum, packet) => sum + packet.data.length, 0));
    }
    open.unsyncedSinceMs ??= packets[0]?.bootMs ?? null;
    const now = this.#deps.clock.boot();
    const strict = open.row.trigger !== 'continuous';
    // A pre-roll arrives as many parts at once: they share a sync, unless the disk is so slow that they keep coming.
    const moreWaiting = this.#queue.slice(1, 3).some((next) => next.kind === 'part');
    const isDue = strict
      ? !moreWaiting || now - open.syncedAtBootMs >= 1_000
      : (packets.at(-1)?.bootMs ?? now) - (open.unsyncedSinceMs ?? now) >= continuousBudgetMs;
    if (isDue || !open.hasRow) await this.#sync(open);
  }

  /** File first, row after: the row never promises what a power cut could take. */
  async #sync(open: OpenRecording): Promise<void> {
    if (!open.file.isSynced) await open.file.sync();
    const now = this.#deps.clock.boot();
    open.unsyncedSinceMs = null;
    open.syncedAtBootMs = now;
    takeOver(open);
    if (!open.hasRow) {
      await this.#deps.index.add(open.row);
      open.hasRow = true;
      open.rowAtBootMs = now;
      this.#deps.changed(open.row);
    } else if (now - open.rowAtBootMs >= rowIntervalMs) {
      await this.#deps.index.grow(open.row.id, open.row);
      open.rowAtBootMs = now;
    }
  }

  async #mark(id: string, mark: TriggerMark): Promise<void> {
    const open = this.#open?.row.id === id ? this.#open : null;
    if (open) {
      Object.assign(open.row, mark);
      if (!open.hasRow) return;
      // From here on the strict budget holds, for what is already written too.
      await this.#sync(open);
    }
    await this.#deps.index.mark(id, mark);
    const row = open?.row ?? (await this.#deps.index.get(id));
    if (row) this.#deps.changed(row);
  }

  async #close(open: OpenRecording): Promise<void> {
    if (open.file.parts.length === 0) {
      await open.file.close();
      await this.#deps.disk.unlink(join(this.#deps.folder, open.row.path));
      this.#open = null;
      return;
    }
    if (!open.hasRow) await this.#sync(open);
    await open.file.finish();
    takeOver(open);
    await this.#deps.index.grow(open.row.id, open.row, { state: 'closed' });
    open.row.state = 'closed';
    this.#open = null;
    await open.file.close();
    this.#deps.changed(open.row);
  }

  async #giveUp(error: unknown): Promise<void> {
    const open = this.#open;
    this.#open = null;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#deps.failed(storageFailure(error), open?.row.id ?? null);
    await open?.file.close().catch(() => {});
    // Without one whole part there is nothing to repair; a disk that cannot delete it either shows it to the repair.
    if (open?.file.parts.length === 0) await this.#deps.disk.unlink(join(this.#deps.folder, open.row.path)).catch(() => {});
  }
}

function takeOver({ row, file }: OpenRecording): void {
  row.parts = [...file.parts];
  row.sizeBytes = file.sizeBytes;
  row.durationMs = file.durationMs;
}
