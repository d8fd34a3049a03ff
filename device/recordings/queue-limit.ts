/** A part is handed to the writer when it has so much. */
export const mostPartBytes = 8_388_608;

/** How much of a camera's video may wait for the disk: one that hangs costs video, never memory. */
export class QueueLimit {
  readonly #writer: { readonly queuedBytes: number };
  readonly #maxBytes: number;
  readonly #stuck: (isStuck: boolean) => void;
  #preRollBytes = 0;
  #isStuck = false;

  /** `stuck` hears when the writer no longer keeps up, and when it does again. */
  constructor(writer: { readonly queuedBytes: number }, maxBytes: number, stuck: (isStuck: boolean) => void) {
    this.#writer = writer;
    this.#maxBytes = maxBytes;
    this.#stuck = stuck;
  }

  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** A pre-roll comes all at once, which says nothing of the writer's speed: so much more may wait until it is written. */
  allowPreRoll(sizeBytes: number): void {
    this.#preRollBytes = Math.max(this.#preRollBytes, sizeBytes);
  }

  /** Whether so much more may wait; when not, the writer is stuck until half of what may wait is written. */
  takes(sizeBytes: number): boolean {
    if (this.#writer.queuedBytes + sizeBytes <= this.#maxBytes + this.#preRollBytes) return true;
    this.#isStuck = true;
    this.#stuck(true);
    return false;
  }

  /** Time has passed. */
  look(): void {
    const { queuedBytes } = this.#writer;
    this.#preRollBytes = Math.min(this.#preRollBytes, queuedBytes);
    if (!this.#isStuck || queuedBytes >= this.#maxBytes / 2) return;
    this.#isStuck = false;
    this.#stuck(false);
  }
}
