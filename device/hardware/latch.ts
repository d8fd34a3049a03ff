/** Turns a sign that flickers into something that begins and ends. Pure; times are boot-clock milliseconds. */
export class Latch {
  readonly #options: { raiseMs: number; clearMs: number };
  #raised = false;
  /** Since when the sign has been other than what is told. */
  #otherSinceMs: number | null = null;

  /** A sign counts after `raiseMs`, its absence after `clearMs`. */
  constructor(options: { raiseMs: number; clearMs: number }) {
    this.#options = options;
  }

  get raised(): boolean {
    return this.#raised;
  }

  /** null when nothing changes. */
  observe(isSeen: boolean, bootMs: number): 'raised' | 'cleared' | null {
    if (isSeen === this.#raised) {
      this.#otherSinceMs = null;
      return null;
    }
    this.#otherSinceMs ??= bootMs;
    const neededMs = isSeen ? this.#options.raiseMs : this.#options.clearMs;
    if (bootMs - this.#otherSinceMs < neededMs) return null;
    this.#raised = isSeen;
    this.#otherSinceMs = null;
    return isSeen ? 'raised' : 'cleared';
  }
}
