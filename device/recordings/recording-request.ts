/** What a person or a sensor asks to be recorded, in whatever mode and at whatever hour. */
export class RecordingRequest {
  #untilBootMs = Number.NEGATIVE_INFINITY;
  #happenedBootMs: number | null = null;

  /** Prolongs one that lasts, which keeps its beginning. */
  until(untilBootMs: number, happenedBootMs: number | null, nowBootMs: number): void {
    if (!this.lasts(nowBootMs)) this.end();
    this.#untilBootMs = Math.max(this.#untilBootMs, untilBootMs);
    this.#happenedBootMs ??= happenedBootMs;
  }

  end(): void {
    this.#untilBootMs = Number.NEGATIVE_INFINITY;
    this.#happenedBootMs = null;
  }

  lasts(bootMs: number): boolean {
    return bootMs < this.#untilBootMs;
  }

  /** The moment it is about; null when it is about what comes. */
  get happenedBootMs(): number | null {
    return this.#happenedBootMs;
  }
}
