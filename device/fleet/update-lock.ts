import type { Clock } from '#device/kernel/clock.ts';
import type { LockFile } from './lock-file.ts';

/** Longer than this no update is held up, whatever is being written. */
export const mostHoldMs = 30_000;
/** Then it may come for so long. The host tries again after pauses that double from one second on: one of them ends in here. */
export const windowMs = 60_000;
/** An update that is known to wait is let in after this. */
const courtesyMs = 10_000;
const tickMs = 1_000;

interface LockView {
  nowMs: number;
  /** Since when something is being written without a pause; null: nothing is. */
  busySinceMs: number | null;
  /** Since when an update is known to wait. */
  waitingSinceMs: number | null;
  windowUntilMs: number;
}

/** Pure: whether the host is to wait at this moment, and until when the window is open that may have begun with it. */
export function decideLock(view: LockView): { hold: boolean; windowUntilMs: number } {
  const { nowMs, busySinceMs, waitingSinceMs, windowUntilMs } = view;
  if (nowMs < windowUntilMs) return { hold: false, windowUntilMs };
  if (busySinceMs === null) return { hold: false, windowUntilMs };
  // Counted from the last window on: who writes for hours opens one again and again.
  const heldMs = nowMs - Math.max(busySinceMs, windowUntilMs);
  const waitedMs = waitingSinceMs === null ? 0 : nowMs - waitingSinceMs;
  const isEnough = heldMs >= mostHoldMs || (waitedMs >= courtesyMs && heldMs >= courtesyMs);
  return isEnough ? { hold: false, windowUntilMs: nowMs + windowMs } : { hold: true, windowUntilMs };
}

interface UpdateLockDeps {
  clock: Clock;
  /** null where no host heeds one. */
  file: LockFile | null;
  isUpdateWaiting(): boolean;
}

/** Asks the host to wait with an update while something is written that is better finished. Holds nobody up but the host. */
export class UpdateLock {
  readonly #deps: UpdateLockDeps;
  readonly #holders = new Set<string>();
  #busySinceMs: number | null = null;
  #waitingSinceMs: number | null = null;
  #windowUntilMs = Number.NEGATIVE_INFINITY;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: UpdateLockDeps) {
    this.#deps = deps;
  }

  /** `what` names it; the same name twice is one. Answers when the host knows, or when it is known that it will not wait. */
  begin(what: string): Promise<void> {
    this.#holders.add(what);
    this.#busySinceMs ??= this.#deps.clock.boot();
    return this.#settle();
  }

  end(what: string): Promise<void> {
    this.#holders.delete(what);
    if (this.#holders.size === 0) this.#busySinceMs = null;
    return this.#settle();
  }

  /** Opens the windows. Lets go at the end; what a crash left is let go of at the beginning. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, file } = this.#deps;
    if (!file) return;
    while (!signal.aborted) {
      await this.#settle();
      await clock.sleep(tickMs, signal).catch(() => {});
    }
    this.#holders.clear();
    this.#busySinceMs = null;
    await this.#settle();
  }

  #settle(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#apply());
    return this.#turn;
  }

  /** A folder that cannot be written costs the politeness, nothing else. */
  async #apply(): Promise<void> {
    const { clock, file, isUpdateWaiting } = this.#deps;
    if (!file) return;
    const nowMs = clock.boot();
    this.#waitingSinceMs = isUpdateWaiting() ? (this.#waitingSinceMs ?? nowMs) : null;
    const { hold, windowUntilMs } = decideLock({
      nowMs,
      busySinceMs: this.#busySinceMs,
      waitingSinceMs: this.#waitingSinceMs,
      windowUntilMs: this.#windowUntilMs,
    });
    this.#windowUntilMs = windowUntilMs;
    if (hold) await file.take().catch(() => false);
    else await file.letGo().catch(() => {});
  }
}
