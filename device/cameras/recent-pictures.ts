import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** Groups of pictures kept by reference: a pre-roll, where there is one, holds the same bytes. */
const groupsKept = 3;
/** Of a group that goes on longer only the key picture is kept: some cameras hardly ever send another. */
const groupMaxBytes = 12_000_000;
const groupMaxPackets = 6_000;
const nearEnoughMs = 1_000;

interface Group {
  packets: TimedPacket[];
  sizeBytes: number;
  isWhole: boolean;
}

/** The last few seconds of video, so that the best moment of an event can be made a picture of after the fact. */
export class RecentPictures {
  #format: StreamFormat | null = null;
  #groups: Group[] = [];

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
      this.#groups.push({ packets: [packet], sizeBytes: packet.data.length, isWhole: true });
      if (this.#groups.length > groupsKept) this.#groups.shift();
      return;
    }
    const group = this.#groups.at(-1);
    if (!group?.isWhole) return;
    if (group.packets.length >= groupMaxPackets || group.sizeBytes + packet.data.length > groupMaxBytes) {
      group.packets.length = 1;
      group.isWhole = false;
      return;
    }
    group.packets.push(packet);
    group.sizeBytes += packet.data.length;
  }

  /** The packets of the group so far, from its key picture on; what a decoder needs to join in now. Empty when it is too much. */
  currentGroup(): readonly TimedPacket[] {
    const group = this.#groups.at(-1);
    return group?.isWhole ? group.packets : [];
  }

  /** The newest key picture: what is cheapest to see of now. null before the first. */
  newest(): { format: StreamFormat; packets: readonly TimedPacket[] } | null {
    const [key] = this.#groups.at(-1)?.packets ?? [];
    return this.#format && key ? { format: this.#format, packets: [key] } : null;
  }

  /**
   * What must be decoded to see the moment; null when it is no longer (or not yet) here. A key picture near enough is all that is needed:
   * decoding up to the very moment may take forty pictures, and detection looks at key pictures anyway.
   */
  at(bootMs: number): { format: StreamFormat; packets: readonly TimedPacket[] } | null {
    const nearest = this.#nearestKey(bootMs);
    if (!this.#format || !nearest) return null;
    const distanceMs = Math.abs(nearest.bootMs - bootMs);
    const group = this.#groups.findLast(({ packets }) => (packets[0]?.bootMs ?? Number.POSITIVE_INFINITY) <= bootMs);
    if (distanceMs <= nearEnoughMs || !group) return { format: this.#format, packets: [nearest] };
    return { format: this.#format, packets: group.packets.filter((packet) => packet.bootMs <= bootMs) };
  }

  #nearestKey(bootMs: number): TimedPacket | null {
    const keys = this.#groups.flatMap(({ packets }) => packets.slice(0, 1));
    return keys.toSorted((a, b) => Math.abs(a.bootMs - bootMs) - Math.abs(b.bootMs - bootMs))[0] ?? null;
  }
}
