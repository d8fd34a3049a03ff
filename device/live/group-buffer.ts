import type { TimedPacket } from '#device/media/packet.ts';

/** A camera that sends no key picture for so long gets no late joiners until the next one. */
export const groupMaxBytes = 12_000_000;
const groupMaxPackets = 6000;

/** The packets since the newest key picture: where everyone who comes late begins. They are shared with the pre-roll, not copied. */
export class GroupBuffer {
  #packets: TimedPacket[] = [];
  #sizeBytes = 0;
  #newest: TimedPacket | null = null;
  #isWhole = false;

  add(packet: TimedPacket): void {
    if (packet.track === 'video') {
      this.#newest = packet;
      if (packet.key) {
        this.#packets = [];
        this.#sizeBytes = 0;
        this.#isWhole = true;
      }
    }
    if (!this.#isWhole) return;
    if (this.#packets.length > 0 && (this.#packets.length >= groupMaxPackets || this.#sizeBytes + packet.data.length > groupMaxBytes)) {
      // The key picture alone still makes a snapshot.
      this.#packets = this.#packets.slice(0, 1);
      this.#isWhole = false;
      return;
    }
    this.#packets.push(packet);
    this.#sizeBytes += packet.data.length;
  }

  /** The newest key picture, once there was one. */
  get key(): TimedPacket | null {
    return this.#packets[0] ?? null;
  }

  get newest(): TimedPacket | null {
    return this.#newest;
  }

  /** Key picture and everything since, sound included; null when it is too much or there is none. */
  get whole(): readonly TimedPacket[] | null {
    return this.#isWhole && this.#packets.length > 0 ? this.#packets : null;
  }

  clear(): void {
    this.#packets = [];
    this.#sizeBytes = 0;
    this.#newest = null;
    this.#isWhole = false;
  }
}
