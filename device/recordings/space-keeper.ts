import type { RecordingSettings, StorageSettings } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { storageFull } from './disk-failure.ts';
import type { RecordingSummary } from './index-schema.ts';
import { removeRecording, type Shelf } from './removal.ts';
import {
  oldestFirst,
  planRetention,
  type Removal,
  type RetentionCandidates,
  type RetentionFacts,
  type RetentionLimits,
  type RunningBoot,
  reserveOf,
} from './retention-plan.ts';

export interface SpaceKeeperDeps extends Shelf {
  storageSettings(): StorageSettings;
  /** Of the cameras that exist; recordings of others follow the device's limits. */
  cameraSettings(): ReadonlyMap<string, RecordingSettings>;
  /** null while the clock is not set. */
  nowWallMs(): number | null;
  boot(): RunningBoot;
  removed(removal: Removal): void;
  /** A protected recording has to go, or the disk said that it is full. */
  tell(failure: Failure): void;
}

interface Space {
  totalBytes: number;
  freeBytes: number;
  reserveBytes: number;
}

export interface StorageUse extends Space {
  recordings: number;
  recordingsBytes: number;
  oldestStartMs: number | null;
  writtenPerVideoByte: number | null;
  videoBytes: number;
  diskBytes: number;
}

interface Need {
  neededBytes: number;
  /** Wanted, but no reason to touch a protected recording or to refuse a write. */
  headroomBytes: number;
  diskSaysFull: boolean;
}

const batch = 50;
const maximumRounds = 400;
/** Free space is asked for again after this much was written. */
const allowanceBytes = 33_554_432;
/** Kept ready by the periodic round, so that a write hardly ever waits for a deletion: a share of the volume, at most this much. */
const headroomMaxBytes = 134_217_728;
const headroomShare = 0.01;

/** Sees to it that there is room before it is needed. One round at a time; all who wait share it. */
export class SpaceKeeper {
  readonly #deps: SpaceKeeperDeps;
  #allowance = 0;
  /** Once a round is enough. */
  #toldFull = false;
  #round: Promise<unknown> = Promise.resolve();

  constructor(deps: SpaceKeeperDeps) {
    this.#deps = deps;
  }

  async space(): Promise<Space> {
    const { totalBytes, freeBytes } = await this.#deps.disk.space(this.#deps.folder);
    return { totalBytes, freeBytes, reserveBytes: reserveOf(totalBytes) };
  }

  /** Resolves when `bytes` may be written. Rejects with Failure `storage-full` when that would use the reserve and nothing is left to delete. */
  async makeRoom(bytes: number, diskSaysFull: boolean): Promise<void> {
    if (!diskSaysFull && this.#allowance >= bytes) {
      this.#allowance -= bytes;
      return;
    }
    await this.#oneAtATime(() => this.#keep(bytes, diskSaysFull));
  }

  /** The periodic round: age, byte limits, and headroom for what comes. */
  async round(): Promise<void> {
    await this.#oneAtATime(async () => {
      this.#toldFull = false;
      const { totalBytes } = await this.space();
      await this.#removeUntilKept({
        neededBytes: 0,
        headroomBytes: Math.min(headroomMaxBytes, Math.floor(totalBytes * headroomShare)),
        diskSaysFull: false,
      });
    });
  }

  async #keep(bytes: number, diskSaysFull: boolean): Promise<void> {
    // Granted anew below, or not at all.
    this.#allowance = 0;
    if (diskSaysFull && !this.#toldFull) {
      this.#toldFull = true;
      this.#deps.tell(new Failure('storage-full', 'The storage is full: the oldest recordings are deleted to go on.'));
    }
    const shortBytes = await this.#removeUntilKept({ neededBytes: bytes, headroomBytes: 0, diskSaysFull });
    if (shortBytes > 0) throw storageFull();
    const { freeBytes, reserveBytes } = await this.space();
    this.#allowance = Math.max(0, Math.min(allowanceBytes, freeBytes - reserveBytes - bytes));
  }

  /** Answers how many bytes are missing after everything that may go has gone. */
  async #removeUntilKept({ neededBytes, headroomBytes, diskSaysFull }: Need): Promise<number> {
    let isStillFull = diskSaysFull;
    for (let round = 0; round < maximumRounds; round += 1) {
      const { totalBytes, freeBytes, reserveBytes } = await this.space();
      // More than half a volume kept free is a slip of the pen that would cost every recording.
      const limits = this.#limits(reserveBytes, Math.min(this.#deps.storageSettings().minFreeBytes, totalBytes / 2) + headroomBytes);
      const { recordings: _count, ...totals } = await this.#deps.index.totals();
      const facts: RetentionFacts = {
        nowWallMs: this.#deps.nowWallMs(),
        boot: this.#deps.boot(),
        freeBytes,
        recordingsBytes: totals.sizeBytes,
        bytesByCamera: new Map([...totals.byCamera].map(([cameraId, { sizeBytes }]) => [cameraId, sizeBytes])),
        neededBytes: Math.min(neededBytes, Math.max(0, totalBytes - reserveBytes)),
        diskSaysFull: isStillFull,
      };
      const plan = planRetention(facts, limits, await this.#candidates(limits, facts));
      if (plan.removals.length === 0) return isStillFull ? Math.max(1, plan.shortBytes) : plan.shortBytes;
      for (const removal of plan.removals) if (await this.#remove(removal)) isStillFull = false;
    }
    return 0;
  }

  async #candidates(limits: RetentionLimits, facts: RetentionFacts): Promise<RetentionCandidates> {
    const { index } = this.#deps;
    const unprotected = new Map<string, RecordingSummary>();
    const take = async (scope: { cameraId?: string }) => {
      const asked = { ...scope, protected: false, limit: batch };
      const rows = await index.oldest(asked);
      if (facts.nowWallMs !== null) rows.push(...(await index.oldest({ ...asked, afterWallMs: facts.nowWallMs })));
      // Of both only as many as one would answer: behind them come some that neither answered.
      for (const row of oldestFirst(rows, facts).slice(0, batch)) unprotected.set(row.id, row);
    };
    await take({});
    for (const [cameraId, own] of limits.cameras) {
      if (own.maxAgeDays !== null || own.maxBytes !== null) await take({ cameraId });
    }
    // Only when no other is left may the planner see them at all.
    const protectedOnes = unprotected.size > 0 ? [] : await index.oldest({ protected: true, limit: 1 });
    return { unprotected: [...unprotected.values()], protected: protectedOnes };
  }

  #limits(reserveBytes: number, minFreeBytes: number): RetentionLimits {
    const { maxBytes, maxAgeDays } = this.#deps.storageSettings();
    return { maxBytes, minFreeBytes, maxAgeDays, reserveBytes, cameras: this.#deps.cameraSettings() };
  }

  /** Answers false when the owner was faster: protected since, or gone already. */
  async #remove(removal: Removal): Promise<boolean> {
    if (!(await removeRecording(this.#deps, removal.recording))) return false;
    if (removal.recording.protected) {
      const message = `A protected recording of ${removal.recording.cameraName} had to be deleted: there was no other left.`;
      this.#deps.tell(new Failure('storage-full', message, { action: 'Use a larger disk, or save protected recordings elsewhere.' }));
    }
    this.#deps.removed(removal);
    return true;
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#round.then(work, work);
    this.#round = next.catch(() => {});
    return next;
  }
}
