import type { Recording } from '#device/contract/contract.ts';
import { Emitter, type Listener } from '#device/kernel/emitter.ts';
import { every } from '#device/kernel/every.ts';
import { Failure } from '#device/kernel/failure.ts';
import { CameraRecorder } from './camera-recorder.ts';
import { type CheckOptions, checkRecordings } from './check.ts';
import { storageFailure, throwStorageFailure } from './disk-failure.ts';
import type { RecordingSummary } from './index-schema.ts';
import type { Part } from './model.ts';
import { PartWriter } from './part-writer.ts';
import { putInOrder } from './put-in-order.ts';
import { toRecording } from './query.ts';
import type { Recorder } from './recorder.ts';
import { type RecorderTime, recorderTime } from './recorder-time.ts';
import { removeRecording, shelfOf } from './removal.ts';
import type { Finding } from './repair.ts';
import { SpaceKeeper, type StorageUse } from './space-keeper.ts';
import { StorageGuard } from './storage-guard.ts';
import type { RecordingsOptions } from './surroundings.ts';

export interface StorageTrouble {
  /** null for what concerns all cameras. */
  cameraId: string | null;
  failure: Failure;
}

const tickIntervalMs = 250;
const retentionIntervalMs = 30_000;

interface OneCamera {
  recorder: CameraRecorder;
  writer: PartWriter;
  writtenBootMs: number | null;
  isUsed: boolean;
}

/** The writing half of the room. Queries over the same index and folder are the other half. */
export class Recordings {
  readonly guard: StorageGuard;
  readonly space: SpaceKeeper;
  readonly #options: RecordingsOptions;
  readonly #time: RecorderTime;
  readonly #cameras = new Map<string, OneCamera>();
  readonly #changed = new Emitter<Recording>();
  readonly #removed = new Emitter<string>();
  readonly #troubles = new Emitter<StorageTrouble>();
  readonly #stopListening: () => void;
  #startFindings: readonly Finding[] | null;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    this.#startFindings = options.startFindings;
    this.#time = recorderTime(options.time, options.clock, options.timeZone);
    this.guard = new StorageGuard({
      ...shelfOf(options),
      mayBeAbsent: options.mayBeAbsent,
      problem: options.problem,
      clock: options.clock,
      makeRoom: (bytes, diskSaysFull) => this.space.makeRoom(bytes, diskSaysFull),
      recover: (signal) => this.#recover(signal),
    });
    this.guard.changes.on((problem) => {
      if (problem) this.#tell(null, problem);
      else options.logger.info({}, 'the storage takes recordings again');
    });
    this.space = new SpaceKeeper({
      ...shelfOf(options),
      storageSettings: () => options.storageSettings(),
      cameraSettings: () => options.cameraSettings(),
      nowWallMs: () => (options.time.trust() === 'set' ? options.time.wallOf(options.clock.boot()) : null),
      boot: () => ({ id: options.time.bootId, wallOffsetMs: options.time.wallOf(0) }),
      removed: ({ recording, reason }) => {
        options.logger.info({ recordingId: recording.id, cameraId: recording.cameraId, reason }, 'recording deleted to keep the limits');
        this.#removed.emit(recording.id);
      },
      tell: (failure) => this.#tell(null, failure),
    });
    this.#stopListening = options.time.onStep((step) => this.#clockStepped(step.newOffsetMs, step.trust));
  }

  /** The same one for the same camera, until it is forgotten. */
  recorder(cameraId: string): Recorder {
    const camera = this.#cameras.get(cameraId) ?? this.#newCamera(cameraId);
    camera.isUsed = true;
    this.#cameras.set(cameraId, camera);
    return camera.recorder;
  }

  /** Closes a camera's recorder; its recordings stay. Until all is written no repair takes it up, and whoever wants a recorder gets this one. */
  async forget(cameraId: string): Promise<void> {
    const camera = this.#cameras.get(cameraId);
    if (!camera) return;
    camera.isUsed = false;
    await camera.recorder.close();
    if (!camera.isUsed) this.#cameras.delete(cameraId);
  }

  onRecording(listener: Listener<Recording>): () => void {
    return this.#changed.on(listener);
  }

  /** Hears the id of each recording that is gone, by whatever reason. */
  onRemoved(listener: Listener<string>): () => void {
    return this.#removed.on(listener);
  }

  onTrouble(listener: Listener<StorageTrouble>): () => void {
    return this.#troubles.on(listener);
  }

  /** null while the storage takes recordings. */
  get problem(): Failure | null {
    return this.guard.problem;
  }

  /** The problem as far as it was told: none while a disk is only about to be looked at for the first time. */
  get alarm(): Failure | null {
    return this.guard.alarm;
  }

  /** What was put right when all was first put in order; nothing until then. */
  get startFindings(): readonly Finding[] {
    return this.#startFindings ?? [];
  }

  /** When packets of the camera reached a file last, by the boot clock; null before the first. */
  writtenBootMs(cameraId: string): number | null {
    return this.#cameras.get(cameraId)?.writtenBootMs ?? null;
  }

  /** What of a recording being written is safe on disk; null when it is not being written. */
  writing(id: string): { parts: readonly Part[]; sizeBytes: number } | null {
    for (const { writer } of this.#cameras.values()) {
      const synced = writer.synced(id);
      if (synced) return synced;
    }
    return null;
  }

  /** Rejects with Failure `not-found`. */
  async setProtected(id: string, isProtected: boolean): Promise<Recording> {
    await this.#shown(id);
    await this.#options.index.setProtected(id, isProtected);
    const recording = toRecording(await this.#shown(id));
    this.#changed.emit(recording);
    return recording;
  }

  /** Rejects with Failure `not-found`, or `conflict` while it is being written or protected. */
  async remove(id: string): Promise<void> {
    const row = await this.#shown(id);
    if (row.protected) throw new Failure('conflict', 'This recording is protected.', { action: 'Stop protecting it first.' });
    if (row.state === 'writing') {
      throw new Failure('conflict', 'This recording is still being made.', { action: 'Stop recording first, or wait until it ends.' });
    }
    // Protected since, or taken by retention: asked anew, it says which.
    if (!(await this.#removeClosed(row))) await this.remove(id);
  }

  /**
   * Every closed recording of a camera, protected ones included: the owner asked for the camera to be gone with all it saw. Rejects with the
   * volume's Failure, nothing deleted, while it is away.
   */
  async removeAllOf(cameraId: string): Promise<void> {
    await this.guard.mustBeThere().catch(throwStorageFailure);
    for (;;) {
      const rows = await this.#options.index.oldest({ cameraId, limit: 100 });
      if (rows.length === 0) return;
      // What retention takes meanwhile is gone as well.
      for (const row of rows) await this.#removeClosed(row);
    }
  }

  async #removeClosed(row: RecordingSummary): Promise<boolean> {
    try {
      if (!(await removeRecording(this.#options, row))) return false;
    } catch (error) {
      // The volume went in the midst of it: once it is back, a look finishes what was begun.
      if (error instanceof Failure) this.guard.fail(error);
      throw storageFailure(error);
    }
    this.#removed.emit(row.id);
    return true;
  }

  /** Gives the recordings of a boot that were made before the clock was set their true time: boot-clock time plus `offsetMs`. */
  async restamp(bootId: string, offsetMs: number): Promise<void> {
    if (bootId === this.#options.time.bootId) for (const { recorder } of this.#cameras.values()) recorder.restamp(offsetMs);
    for (const row of await this.#options.index.restamp(bootId, offsetMs)) this.#changed.emit(toRecording(row));
  }

  async storage(): Promise<StorageUse> {
    const { counter, index } = this.#options;
    const [space, totals, oldestStartMs] = await Promise.all([this.space.space(), index.totals(), index.oldestStartMs()]);
    const writtenPerVideoByte = counter.videoBytes > 0 ? counter.diskBytes / counter.videoBytes : null;
    return { ...space, recordings: totals.recordings, recordingsBytes: totals.sizeBytes, oldestStartMs, writtenPerVideoByte, ...counter };
  }

  check(options: Omit<CheckOptions, 'inUse'>): Promise<Finding[]> {
    return checkRecordings(this.#options, { ...options, inUse: this.#inUse() });
  }

  /** Until the signal is aborted: parts that wait, limits of age and space, and the look at the volume. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.guard.run(signal), this.#tick(signal), this.#keepLimits(signal)]);
  }

  /** Writes what is pending, closes every recording and lets go of the folder. */
  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#cameras.values()].map(({ recorder }) => recorder.close()));
    this.#cameras.clear();
    await this.#options.unlock();
  }

  #newCamera(cameraId: string): OneCamera {
    const { clock, counter, logger, newId, ringBytes, queueBytes } = this.#options;
    const writer = new PartWriter({
      ...shelfOf(this.#options),
      clock,
      volumeProblem: () => this.guard.volumeProblem(),
      makeRoom: (bytes, diskSaysFull) => this.space.makeRoom(bytes, diskSaysFull),
      recorded: (bytes) => {
        counter.videoBytes += bytes;
        made.writtenBootMs = clock.boot();
      },
      changed: (row) => this.#changed.emit(toRecording(row)),
      failed: (failure, recordingId) => {
        logger.error({ cameraId, recordingId, err: failure.cause }, failure.message);
        recorder.abandon();
        this.guard.fail(failure);
      },
    });
    const recorder: CameraRecorder = new CameraRecorder({
      ...{ cameraId, writer, newId, ringBytes, queueBytes, time: this.#time },
      isWritable: () => this.guard.problem === null,
      stuck: (isStuck) => this.#tellStuck(cameraId, isStuck),
    });
    const made: OneCamera = { recorder, writer, writtenBootMs: null, isUsed: true };
    return made;
  }

  /** After the storage was away: first what is not in order, then new recordings. */
  async #recover(signal: AbortSignal | undefined): Promise<void> {
    const { mayBeAbsent, logger, index } = this.#options;
    const findings = await putInOrder(shelfOf(this.#options), { mayBeAbsent, logger, inUse: this.#inUse(), signal });
    this.#startFindings ??= findings;
    for (const { id } of findings) {
      const row = id ? await index.get(id) : null;
      if (row?.state === 'closed') this.#changed.emit(toRecording(row));
      else if (id) this.#removed.emit(id);
    }
  }

  async #shown(id: string): Promise<RecordingSummary> {
    const row = await this.#options.index.get(id);
    if (row?.state === 'writing' || row?.state === 'closed') return row;
    throw new Failure('not-found', 'There is no such recording.');
  }

  #inUse(): Set<string> {
    return new Set([...this.#cameras.values()].flatMap(({ writer }) => writer.paths));
  }

  #clockStepped(newOffsetMs: number, trust: string): void {
    for (const { recorder } of this.#cameras.values()) recorder.split();
    if (trust !== 'set') return;
    this.restamp(this.#options.time.bootId, newOffsetMs).catch((error: unknown) => this.guard.fail(storageFailure(error)));
  }

  #tellStuck(cameraId: string, isStuck: boolean): void {
    const action = 'Use a faster disk or card, or record less.';
    if (isStuck) this.#tell(cameraId, new Failure('storage-failed', 'The storage is too slow: video is being lost.', { action }));
    else this.#options.logger.info({ cameraId }, 'the storage keeps up again');
  }

  #tell(cameraId: string | null, failure: Failure): void {
    this.#options.logger.error({ cameraId, kind: failure.kind, err: failure.cause }, failure.message);
    this.#troubles.emit({ cameraId, failure });
  }

  #tick(signal: AbortSignal): Promise<void> {
    return every(this.#options.clock, tickIntervalMs, signal, async () => {
      for (const { recorder } of this.#cameras.values()) recorder.tick(this.#options.clock.boot());
    });
  }

  #keepLimits(signal: AbortSignal): Promise<void> {
    return every(this.#options.clock, retentionIntervalMs, signal, async () => {
      if (this.guard.problem) return;
      try {
        await this.space.round();
      } catch (error) {
        this.guard.fail(storageFailure(error));
      }
    });
  }
}
