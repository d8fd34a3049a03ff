/** How far back an early arrival still counts, in groups of pictures. */
const windowGroups = 30;
/** Apart by more than this, and the stream's clock was set rather than wrong. Milliseconds. */
const jumpMs = 3000;
/** The mapping moves later by no more than this part of the time that passes. */
const slewRate = 0.05;
/** While it catches up with a mapping that moved earlier, time passes at this speed. */
const catchUpSpeed = 0.5;

interface Last {
  streamMs: number;
  bootMs: number;
}

/**
 * Maps a stream's own time to the boot clock: the packet that was delayed least is believed, over a window long enough to outlast a busy
 * network and short enough to follow a camera's drifting clock. Answers rise, never jitter, and never lie in the future. All times in milliseconds.
 */
export class BootTimes {
  #earliest: number[] = [];
  #offset: number | null = null;
  #lastStreamMs = 0;
  #last: { video?: Last; audio?: Last } = {};

  /** A video packet of stream time `streamMs` came in at `arrivalMs`; `key` begins a group. */
  observe(streamMs: number, arrivalMs: number, key: boolean): void {
    const candidate = arrivalMs - streamMs;
    if (this.#offset !== null && Math.abs(candidate - this.#offset) > jumpMs) this.#earliest = [];
    if (key || this.#earliest.length === 0) this.#earliest.push(candidate);
    else if (candidate < (this.#earliest.at(-1) ?? candidate)) this.#earliest[this.#earliest.length - 1] = candidate;
    if (this.#earliest.length > windowGroups) this.#earliest.shift();
    this.#follow(streamMs);
  }

  /** When that moment of the stream was, by the boot clock; null before anything was observed. For pictures, which need not rise. */
  bootMs(streamMs: number): number | null {
    return this.#offset === null ? null : streamMs + this.#offset;
  }

  /** The same for a packet that came in at `arrivalMs`: later than every earlier answer for its track. */
  rising(track: 'video' | 'audio', streamMs: number, arrivalMs: number): number {
    const last = this.#last[track];
    const mapped = Math.min(arrivalMs, this.bootMs(streamMs) ?? arrivalMs);
    const slowest = last ? Math.min(arrivalMs, last.bootMs + Math.max(0, streamMs - last.streamMs) * catchUpSpeed) : mapped;
    const bootMs = Math.max(mapped, slowest, last ? last.bootMs + 0.001 : mapped);
    this.#last[track] = { streamMs, bootMs };
    return bootMs;
  }

  /** Whether a packet that came in at `arrivalMs` would be of the future: the stream's clock was set forward. */
  isAhead(streamMs: number, arrivalMs: number): boolean {
    return this.#offset !== null && streamMs + this.#offset > arrivalMs + jumpMs;
  }

  #follow(streamMs: number): void {
    const target = Math.min(...this.#earliest);
    const passed = Math.max(0, streamMs - this.#lastStreamMs);
    this.#lastStreamMs = streamMs;
    const isEarlier = this.#offset === null || target < this.#offset || target - this.#offset > jumpMs;
    this.#offset = isEarlier || this.#offset === null ? target : Math.min(target, this.#offset + passed * slewRate);
  }
}
