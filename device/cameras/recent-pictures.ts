import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** Groups of pictures kept by reference; the pre-roll holds the same bytes, so this costs next to nothing. */
const groupsKept = 3;

/** The last few seconds of video, so that the best moment of an event can be made a picture of after the fact. */
export class RecentPictures {
  #format: StreamFormat | null = null;
  #groups: TimedPacket[][] = [];

  begin(format: StreamFormat): void {
    this.#format = format;
    this.#groups = [];
  }

  end(): void {
    this.#format = null;
    this.#groups = [];
  }

  packet(packet: TimedPacket): void {
    if (packet.track !== 'video') return;
    if (packet.key) {
      this.#groups.push([packet]);
      if (this.#groups.length > groupsKept) this.#groups.shift();
      return;
    }
    this.#groups.at(-1)?.push(packet);
  }

  /** The packets of the group so far, from its key picture on; what a decoder needs to join in now. */
  currentGroup(): readonly TimedPacket[] {
    return this.#groups.at(-1) ?? [];
  }

  /** What must be decoded to see the moment; null when it is no longer (or not yet) here. */
  at(bootMs: number): { format: StreamFormat; packets: readonly TimedPacket[] } | null {
    const group = this.#groups.findLast((packets) => (packets[0]?.bootMs ?? Number.POSITIVE_INFINITY) <= bootMs) ?? this.#groups[0];
    const key = group?.[0];
    if (!this.#format || !group || !key) return null;
    const upTo = group.filter((packet) => packet.bootMs <= bootMs);
    return { format: this.#format, packets: upTo.length > 0 ? upTo : [key] };
  }
}
