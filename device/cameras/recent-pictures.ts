import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** Groups of pictures kept by reference; the pre-roll holds the same bytes, so this costs next to nothing. */
const groupsKept = 3;
/** Of a group that goes on longer only the key picture is kept: some cameras hardly ever send another. */
const groupMaxBytes = 12_000_000;
const groupMaxPackets = 6_000;

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

  /** What must be decoded to see the moment; null when it is no longer (or not yet) here. */
  at(bootMs: number): { format: StreamFormat; packets: readonly TimedPacket[] } | null {
    const startsBefore = ({ packets }: Group) => (packets[0]?.bootMs ?? Number.POSITIVE_INFINITY) <= bootMs;
    const packets = (this.#groups.findLast(startsBefore) ?? this.#groups[0])?.packets;
    const key = packets?.[0];
    if (!this.#format || !packets || !key) return null;
    const upTo = packets.filter((packet) => packet.bootMs <= bootMs);
    return { format: this.#format, packets: upTo.length > 0 ? upTo : [key] };
  }
}
