/** Whether the device does what it is there for. Pure; times are boot-clock milliseconds. */

export interface CameraWork {
  id: string;
  name: string;
  state: 'connecting' | 'online' | 'offline' | 'disabled';
  /** Since when it is in this state. */
  sinceBootMs: number;
  /** By its settings and what it sees there should be a recording now. */
  shouldRecord: boolean;
  /** When its newest fragment reached the disk; null before the first. */
  writtenBootMs: number | null;
}

export interface Work {
  bootMs: number;
  cameras: readonly CameraWork[];
  storage: {
    /** When it answered last. */
    answeredBootMs: number;
    /** It is known not to take recordings, and told as such: starting anew would not make the disk whole. */
    hasProblem: boolean;
  };
}

export type Verdict = { proven: true } | { proven: false; reason: string };

/** Far beyond any pause between key pictures and any slow card. */
export const fragmentPatienceMs = 120_000;
export const storagePatienceMs = 120_000;
/** Every step of connecting has a deadline of seconds: a camera that neither connects nor fails hangs in the program, not in the network. */
export const connectingPatienceMs = 300_000;

/** Remembers since when each camera should have written, because one that has only just begun owes nothing yet. */
export class ProofOfWork {
  readonly #dueSinceMs = new Map<string, number>();

  judge(work: Work): Verdict {
    const { bootMs, storage } = work;
    this.#followDues(work);
    if (bootMs - storage.answeredBootMs > storagePatienceMs) {
      return { proven: false, reason: `The storage did not answer for ${seconds(bootMs - storage.answeredBootMs)}.` };
    }
    for (const camera of work.cameras) {
      if (camera.state === 'connecting' && bootMs - camera.sinceBootMs > connectingPatienceMs) {
        return { proven: false, reason: `${camera.name} has been connecting for ${seconds(bootMs - camera.sinceBootMs)}.` };
      }
      const dueSinceMs = this.#dueSinceMs.get(camera.id);
      if (dueSinceMs === undefined) continue;
      const silentMs = bootMs - Math.max(dueSinceMs, camera.writtenBootMs ?? Number.NEGATIVE_INFINITY);
      if (silentMs > fragmentPatienceMs) {
        return { proven: false, reason: `${camera.name} should record, but nothing of it reached the disk for ${seconds(silentMs)}.` };
      }
    }
    return { proven: true };
  }

  /** A camera known to be off owes nothing, nor does any while the storage is known to refuse. */
  #followDues({ bootMs, cameras, storage }: Work): void {
    const due = cameras.filter(({ state, shouldRecord }) => state === 'online' && shouldRecord && !storage.hasProblem);
    const dueIds = new Set(due.map(({ id }) => id));
    for (const id of [...this.#dueSinceMs.keys()]) if (!dueIds.has(id)) this.#dueSinceMs.delete(id);
    for (const id of dueIds) if (!this.#dueSinceMs.has(id)) this.#dueSinceMs.set(id, bootMs);
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
