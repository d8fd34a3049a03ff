import { aacFrameSamples } from '#device/media/mp4/audio-entry.ts';
import { BootTimes } from '../boot-times.ts';

/** Sound that comes so much earlier or later than expected is moved; less is the network's unrest. */
const toleratedMs = 40;
/** As often as a group of pictures, so that both are judged over the same time. */
const framesPerGroup = 64;

/**
 * Puts sound on the time of the pictures. Each has a clock that begins anywhere; of both it is known when their packets come in, and
 * the least delayed ones are believed. Sound ends up as far from the picture as their ways through the camera are different.
 */
export class AudioTimes {
  readonly #sampleRateHz: number;
  readonly #video = new BootTimes();
  readonly #audio = new BootTimes();
  #frames = 0;
  #last: number | null = null;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  video(streamMs: number, arrivalMs: number, key: boolean): void {
    this.#video.observe(streamMs, arrivalMs, key);
  }

  /** Decode time in samples, on the time of the pictures, of a frame that begins at `ticks` of its own clock; rises. null before the first picture. */
  audio(ticks: number, arrivalMs: number): number | null {
    const lengthMs = (aacFrameSamples * 1000) / this.#sampleRateHz;
    const ownMs = (ticks * 1000) / this.#sampleRateHz;
    // A frame can be sent when its last sample is known.
    this.#audio.observe(ownMs, arrivalMs - lengthMs, this.#frames % framesPerGroup === 0);
    this.#frames += 1;
    const arrives = this.#audio.bootMs(ownMs);
    const zero = this.#video.bootMs(0);
    if (arrives === null || zero === null) return null;
    const wanted = Math.round(((arrives - zero) * this.#sampleRateHz) / 1000);
    const expected = this.#last === null ? wanted : this.#last + aacFrameSamples;
    const isClose = Math.abs(wanted - expected) * 1000 <= toleratedMs * this.#sampleRateHz;
    const dts = isClose ? expected : Math.max(wanted, (this.#last ?? Number.NEGATIVE_INFINITY) + aacFrameSamples / 2);
    if (dts < 0) return null;
    this.#last = dts;
    return dts;
  }
}
