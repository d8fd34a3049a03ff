import type { Clock } from '#device/kernel/clock.ts';

/** A contact bounces: a change counts once the level has stayed for `stillMs`. Tells each settled level once. */
export class Debounce {
  readonly #clock: Clock;
  readonly #stillMs: number;
  readonly #settled: (active: boolean) => void;
  #active: boolean;
  #waiting: AbortController | null = null;

  constructor(clock: Clock, options: { active: boolean; stillMs: number; settled: (active: boolean) => void }) {
    this.#clock = clock;
    this.#stillMs = options.stillMs;
    this.#settled = options.settled;
    this.#active = options.active;
  }

  get active(): boolean {
    return this.#active;
  }

  /** The level as the wire says it now; may be told as often as it likes. */
  level(active: boolean): void {
    this.#waiting?.abort();
    this.#waiting = null;
    if (active === this.#active) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#clock.sleep(this.#stillMs, waiting.signal).then(
      () => {
        if (this.#waiting !== waiting) return;
        this.#waiting = null;
        this.#active = active;
        this.#settled(active);
      },
      () => {},
    );
  }

  /** Nothing is told after this. */
  stop(): void {
    this.#waiting?.abort();
    this.#waiting = null;
  }
}
