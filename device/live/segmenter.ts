import { fragment } from '#device/media/mp4/fragment.ts';
import type { TimedPacket } from '#device/media/packet.ts';
import { groupMaxBytes } from './group-buffer.ts';

/** A shorter wait makes more messages a viewer, a longer one more delay. */
const batchMs = 80;
const batchMaxPackets = 10;

/** One `moof` and `mdat`, the same bytes for all viewers. */
export interface Segment {
  bytes: Uint8Array;
  /** Begins with a key picture: a viewer may begin or go on here. */
  key: boolean;
}

/** Turns packets into small segments, and keeps those since the newest key picture for viewers who come late. */
export class Segmenter {
  #sequence = 0;
  #pending: TimedPacket[] = [];
  #lastSegmentBootMs = Number.NEGATIVE_INFINITY;
  #sinceKey: Segment[] = [];
  #sinceKeyBytes = 0;

  /** The segments that are ready now, in order; mostly none or one. */
  add(packet: TimedPacket, nowBootMs: number): Segment[] {
    const ready: Segment[] = [];
    if (packet.track === 'video' && packet.key) this.#flush(ready, nowBootMs);
    this.#pending.push(packet);
    const isDue = packet.track === 'video' && nowBootMs - this.#lastSegmentBootMs >= batchMs;
    if (isDue || this.#pending.length >= batchMaxPackets) this.#flush(ready, nowBootMs);
    return ready;
  }

  /** Everything since the newest key picture that was made into segments; empty when that is unknown. */
  get sinceKey(): readonly Segment[] {
    return this.#sinceKey;
  }

  /** Begins with a group that came while nobody looked. */
  begin(group: readonly TimedPacket[], nowBootMs: number): void {
    this.#pending = [...group];
    this.#flush([], nowBootMs);
  }

  #flush(ready: Segment[], nowBootMs: number): void {
    if (this.#pending.length === 0) return;
    const key = this.#pending[0]?.track === 'video' && this.#pending[0].key;
    this.#sequence += 1;
    const segment = { bytes: fragment(this.#sequence, this.#pending), key };
    this.#pending = [];
    this.#lastSegmentBootMs = nowBootMs;
    this.#keep(segment);
    ready.push(segment);
  }

  #keep(segment: Segment): void {
    if (segment.key) {
      this.#sinceKey = [];
      this.#sinceKeyBytes = 0;
    } else if (this.#sinceKey.length === 0) return;
    this.#sinceKey.push(segment);
    this.#sinceKeyBytes += segment.bytes.length;
    if (this.#sinceKeyBytes > groupMaxBytes) this.#sinceKey = [];
  }
}
