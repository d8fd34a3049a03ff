import type { StreamInfo } from '#device/contract/contract.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** Pictures over which rates are averaged: a few seconds, so that the numbers follow but do not flicker. */
const windowPackets = 100;

/** Tells what is really coming in: picture rate, bit rate and the time between key pictures. */
export class StreamMeter {
  #format: StreamFormat | null = null;
  #sizes: number[] = [];
  #durations: number[] = [];
  #lastKeyBootMs: number | null = null;
  #keyIntervalMs: number | null = null;
  #keyIntervalBeforeMs: number | null = null;
  #framesTotal = 0;
  #bytesTotal = 0;

  begin(format: StreamFormat): void {
    this.#format = format;
    this.#sizes = [];
    this.#durations = [];
    this.#lastKeyBootMs = null;
    this.#keyIntervalMs = null;
    this.#keyIntervalBeforeMs = null;
  }

  packet(packet: TimedPacket): void {
    this.#bytesTotal += packet.data.length;
    if (packet.track !== 'video') return;
    this.#framesTotal += 1;
    this.#sizes.push(packet.data.length);
    this.#durations.push(packet.duration);
    if (this.#sizes.length > windowPackets) {
      this.#sizes.shift();
      this.#durations.shift();
    }
    if (!packet.key) return;
    if (this.#lastKeyBootMs !== null) {
      this.#keyIntervalBeforeMs = this.#keyIntervalMs;
      this.#keyIntervalMs = packet.bootMs - this.#lastKeyBootMs;
    }
    this.#lastKeyBootMs = packet.bootMs;
  }

  /** Since the pipeline began, over all its sessions. */
  get totals(): { frames: number; bytes: number } {
    return { frames: this.#framesTotal, bytes: this.#bytesTotal };
  }

  /** The longest that key pictures are known to be apart: the last interval, or the one that still lasts when it is longer already. */
  keyGapMs(bootMs: number): number {
    const lastingMs = this.#lastKeyBootMs === null ? 0 : bootMs - this.#lastKeyBootMs;
    return Math.max(this.#keyIntervalMs ?? 0, lastingMs);
  }

  /** The last two intervals, shorter first: one alone may be a hiccup of the network. Null until two were seen. */
  get lastKeyIntervalsMs(): readonly [number, number] | null {
    const [one, other] = [this.#keyIntervalMs, this.#keyIntervalBeforeMs];
    return one === null || other === null ? null : [Math.min(one, other), Math.max(one, other)];
  }

  info(): StreamInfo | null {
    const format = this.#format;
    if (!format) return null;
    const { video, audio } = format;
    const ticks = this.#durations.reduce((sum, duration) => sum + duration, 0);
    const bytes = this.#sizes.reduce((sum, size) => sum + size, 0);
    const seconds = ticks / video.timescale;
    return {
      videoCodec: video.codec,
      videoCodecString: video.codecString,
      width: video.width,
      height: video.height,
      framesPerSecond: seconds > 0 ? Math.round((this.#durations.length / seconds) * 10) / 10 : null,
      audioCodec: audio ? audio.codec : null,
      keyIntervalMs: this.#keyIntervalMs === null ? null : Math.round(this.#keyIntervalMs),
      bitsPerSecond: seconds > 0 ? Math.round((bytes * 8) / seconds) : null,
    };
  }
}
