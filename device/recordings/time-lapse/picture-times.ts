/** A camera that could give no picture is asked again after this long. */
const retryMs = 30_000;

/** When one camera is to give the next picture of its time-lapse: at the same times every day, and once at the beginning. */
export class PictureTimes {
  #slot: number | null = null;
  #notBeforeBootMs = Number.NEGATIVE_INFINITY;

  isDue({ intervalMs, wallMs, bootMs }: { intervalMs: number; wallMs: number; bootMs: number }): boolean {
    return bootMs >= this.#notBeforeBootMs && Math.floor(wallMs / intervalMs) !== this.#slot;
  }

  taken({ intervalMs, wallMs }: { intervalMs: number; wallMs: number }): void {
    this.#slot = Math.floor(wallMs / intervalMs);
  }

  failed(bootMs: number): void {
    this.#notBeforeBootMs = bootMs + retryMs;
  }
}
