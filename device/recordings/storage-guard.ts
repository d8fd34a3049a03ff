import type { Clock } from '#device/kernel/clock.ts';
import { Emitter } from '#device/kernel/emitter.ts';
import { every } from '#device/kernel/every.ts';
import type { Failure } from '#device/kernel/failure.ts';
import { diskTroubleOf, storageFailure } from './disk-failure.ts';
import { mostPartBytes } from './queue-limit.ts';
import type { RecordingIndex } from './recording-index.ts';
import { proveWritable, type Volume, volumeProblem } from './volume.ts';

export interface StorageGuardDeps extends Volume {
  index: RecordingIndex;
  mayBeAbsent: boolean;
  clock: Clock;
  /** Resolves when `bytes` more may be written; rejects with Failure `storage-full` when they may not. */
  makeRoom(bytes: number, diskSaysFull: boolean): Promise<void>;
  /** Puts in order what was given up, before anything new is begun. Rejects early when aborted. */
  recover(signal: AbortSignal | undefined): Promise<void>;
  /** With which it begins, untold: null, or what only the first look makes sure of. */
  problem: Failure | null;
}

const lookIntervalMs = 5_000;

/** Knows whether the storage can be written, stops everything when it cannot, and tries again by itself. */
export class StorageGuard {
  /** The problem when it begins or changes, null when it is over. */
  readonly changes = new Emitter<Failure | null>();
  readonly #deps: StorageGuardDeps;
  #problem: Failure | null;
  #isTold = false;
  /** Nothing was given up, and the volume was not away, since it was put in order. */
  #isInOrder = false;

  constructor(deps: StorageGuardDeps) {
    this.#deps = deps;
    this.#problem = deps.problem;
  }

  get problem(): Failure | null {
    return this.#problem;
  }

  /** The problem, if it was told. */
  get alarm(): Failure | null {
    return this.#isTold ? this.#problem : null;
  }

  fail(failure: Failure): void {
    this.#isInOrder = false;
    this.#note(failure);
  }

  #note(failure: Failure): void {
    const isNew = this.#problem?.message !== failure.message;
    this.#problem = failure;
    if (!isNew) return;
    this.#isTold = true;
    this.changes.emit(failure);
  }

  /** Looks at the volume now and then; until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    return every(this.#deps.clock, lookIntervalMs, signal, () => this.look(signal));
  }

  /** Whether it is still the volume that is meant. Rejects with the operating system's error when it cannot be read. */
  async volumeProblem(): Promise<Failure | null> {
    return volumeProblem(this.#deps, await this.#deps.index.volumeId(), this.#deps.mayBeAbsent);
  }

  /** Rejects with the volume's Failure while it is away, or with the operating system's error when it cannot be read. */
  async mustBeThere(): Promise<void> {
    const problem = await this.volumeProblem();
    if (problem) throw problem;
  }

  async look(signal?: AbortSignal): Promise<void> {
    try {
      const problem = await this.volumeProblem();
      if (problem) return this.fail(problem);
      const known = this.#problem;
      if (known === null) return;
      await this.#proveWritable();
      if (!this.#isInOrder) {
        await this.#deps.recover(signal);
        // A writer gave up meanwhile: what it left was still in use when this recovery began, so the next look recovers again.
        if (this.#problem !== known) return;
        this.#isInOrder = true;
      }
      await this.#makeRoomForParts();
    } catch (error) {
      if (!signal?.aborted) this.fail(storageFailure(error));
    }
  }

  /** With room for less than a part it would be full again at once. Only what is in order may be deleted for it. */
  async #makeRoomForParts(): Promise<void> {
    try {
      await this.#deps.makeRoom(mostPartBytes, false);
    } catch (error) {
      // Only a deletion that there is nothing for leaves everything in order.
      if (diskTroubleOf(error) === 'full') this.#note(storageFailure(error));
      else this.fail(storageFailure(error));
      return;
    }
    if (!this.#isInOrder) return;
    this.#problem = null;
    if (this.#isTold) this.changes.emit(null);
    this.#isTold = false;
  }

  /** Retention rests while there is a problem: a disk that is full as well would never take the byte that proves it. */
  async #proveWritable(): Promise<void> {
    try {
      await proveWritable(this.#deps);
    } catch (error) {
      if (diskTroubleOf(error) !== 'full') throw error;
      await this.#deps.makeRoom(0, true);
      await proveWritable(this.#deps);
    }
  }
}
