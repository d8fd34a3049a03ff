import type { Clock } from '#device/kernel/clock.ts';
import { BootTimes } from './boot-times.ts';
import type { CaptureSink } from './capture.ts';
import { PictureReader } from './picture-reader.ts';

/** Puts a decoder's pictures on the boot clock and hands them over. */
export class PictureIntake {
  readonly #reader: PictureReader;
  #lastBootMs: number | null = null;

  /** `bootMsOf` maps the stream's time when something else observes it; null lets the pictures' own arrivals decide. */
  constructor(clock: Clock, sink: CaptureSink, bootMsOf: ((streamMs: number) => number | null) | null) {
    const times = new BootTimes();
    this.#reader = new PictureReader((picture, streamMs) => {
      const nowMs = clock.boot();
      this.#lastBootMs = nowMs;
      if (!bootMsOf && Number.isFinite(streamMs)) times.observe(streamMs, nowMs, true);
      const mapped = Number.isFinite(streamMs) ? (bootMsOf ?? ((ms: number) => times.bootMs(ms)))(streamMs) : null;
      sink.picture({ ...picture, bootMs: mapped ?? nowMs });
    });
  }

  pushPicture(bytes: Uint8Array): void {
    this.#reader.pushPicture(bytes);
  }

  pushTimes(text: string): void {
    this.#reader.pushTimes(text);
  }

  /** When the newest picture came in; null before the first. */
  get lastBootMs(): number | null {
    return this.#lastBootMs;
  }
}
