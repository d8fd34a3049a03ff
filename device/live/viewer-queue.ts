import type { LiveMessage } from '#device/contract/contract.ts';
import type { Viewer } from './ports.ts';
import type { Segment } from './segmenter.ts';

/** About two seconds of a good camera. A viewer with more unsent than this gets nothing until the next key picture. */
const slowBytes = 2_000_000;
/** So much must have left before it goes on. */
const recoveredBytes = 500_000;
/** Nothing taken for so long: it is gone, whatever its socket says. */
const hopelessMs = 20_000;

/**
 * What one viewer gets. Its memory is bounded by {@link slowBytes} and what it was given to begin with: text and pictures alike are
 * left out while it is behind.
 */
export class ViewerQueue {
  readonly #viewer: Viewer;
  #state: 'waiting' | 'streaming' | 'skipping' = 'waiting';
  #slowSinceBootMs: number | null = null;
  /** What it was given at once to begin with does not count as slowness until it has left. */
  #allowanceBytes = 0;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  /** A format begins: the init segment, and the group of pictures so far when there is one. */
  begin(init: { message: LiveMessage; bytes: Uint8Array }, group: readonly Segment[]): void {
    this.#state = 'waiting';
    this.#viewer.send(JSON.stringify(init.message));
    this.#viewer.send(init.bytes);
    if (group.length === 0) return;
    for (const segment of group) this.#viewer.send(segment.bytes);
    this.#allowanceBytes = group.reduce((sum, segment) => sum + segment.bytes.length, 0);
    this.#state = 'streaming';
  }

  /** The format ended: nothing until the next `begin`. */
  end(): void {
    this.#state = 'waiting';
  }

  segment(segment: Segment, nowBootMs: number): void {
    if (this.#state === 'streaming' && !this.#isBehind()) {
      this.#viewer.send(segment.bytes);
      return;
    }
    if (this.#state === 'streaming') this.#state = 'skipping';
    if (this.#viewer.bufferedBytes() > recoveredBytes) {
      this.#slowSinceBootMs ??= nowBootMs;
      return;
    }
    if (!segment.key) return;
    if (this.#state === 'skipping') this.#viewer.send(JSON.stringify({ type: 'skipped' } satisfies LiveMessage));
    this.#state = 'streaming';
    this.#slowSinceBootMs = null;
    this.#viewer.send(segment.bytes);
  }

  /** Text that the next one replaces: left out for a viewer that is behind. */
  message(text: string): void {
    if (!this.#isBehind()) this.#viewer.send(text);
  }

  isHopeless(nowBootMs: number): boolean {
    if (this.#viewer.bufferedBytes() <= recoveredBytes) {
      this.#slowSinceBootMs = null;
      return false;
    }
    return this.#slowSinceBootMs !== null && nowBootMs - this.#slowSinceBootMs >= hopelessMs;
  }

  close(): void {
    this.#viewer.close?.();
  }

  #isBehind(): boolean {
    const bufferedBytes = this.#viewer.bufferedBytes();
    if (bufferedBytes <= recoveredBytes) this.#allowanceBytes = 0;
    return bufferedBytes > slowBytes + this.#allowanceBytes;
  }
}
