import type { Clock } from '#device/kernel/clock.ts';

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

/** A clock that moves only when a test says so. */
export class SimulatedClock implements Clock {
  #boot = 0;
  #wallOffset: number;
  #sleepers: Sleeper[] = [];

  constructor(startWallMs: number = Date.UTC(2026, 0, 5, 8)) {
    this.#wallOffset = startWallMs;
  }

  wall(): number {
    return this.#boot + this.#wallOffset;
  }

  boot(): number {
    return this.#boot;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper: Sleeper = { dueMs: this.#boot + ms, wake: resolve };
    this.#sleepers.push(sleeper);
    signal?.addEventListener(
      'abort',
      () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      },
      { once: true },
    );
    return promise;
  }

  /** The wall clock is set; boot time goes on as before. */
  stepWall(byMs: number): void {
    this.#wallOffset += byMs;
  }

  /** Lets `ms` pass, waking every sleeper in order and letting what it awakens run before going on. */
  async advance(ms: number): Promise<void> {
    const until = this.#boot + ms;
    await settle();
    for (;;) {
      const next = this.#sleepers.filter((s) => s.dueMs <= until).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#boot = Math.max(this.#boot, next.dueMs);
      next.wake();
      await settle();
    }
    this.#boot = until;
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
