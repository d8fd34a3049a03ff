export interface BackoffOptions {
  firstMs: number;
  /** No pause is longer, however many failures came before. */
  maxMs: number;
  /** 0 to 1: the part of each pause that is left to chance, so that many who failed together do not return together. */
  jitter: number;
  /** 0 (included) to 1 (excluded). */
  random: () => number;
}

export const defaultBackoff: Omit<BackoffOptions, 'random'> = { firstMs: 1000, maxMs: 60_000, jitter: 0.5 };

/** Pauses that double until the cap. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const { firstMs, maxMs, jitter, random } = this.#options;
    const full = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return full * (1 - jitter * random());
  }

  reset(): void {
    this.#failures = 0;
  }
}
