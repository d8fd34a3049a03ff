import type { RecordingSettings } from '#device/contract/contract.ts';
import type { Gop } from '#device/media/gop.ts';
import type { TimedPacket } from '#device/media/packet.ts';

/** Motion is told later than it began, and its pre-roll counts from its beginning. */
const confirmationMs = 6_000;

/** How much of what came before a recording may need; of what is written at all times nothing, for it is in a file already. */
export function ringLengthMs({ mode, schedule, preRollMs }: RecordingSettings): number {
  const isAlwaysWritten = (mode === 'continuous' || mode === 'both') && schedule === null;
  return isAlwaysWritten ? 0 : Math.max(10_000, preRollMs) + confirmationMs;
}

/** The last groups of pictures in memory, whole ones only: what happened before someone knew that it matters. */
export class GopRing {
  readonly #maxBytes: number;
  #gops: Gop[] = [];
  #sizeBytes = 0;
  keepMs = 10_000;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Packets before the first key picture are of no use and left out. */
  add(packet: TimedPacket): void {
    const bytes = packet.data.length;
    if (packet.track === 'video' && packet.key) this.#gops.push({ startBootMs: packet.bootMs, packets: [], sizeBytes: 0 });
    const newest = this.#gops.at(-1);
    if (!newest) return;
    newest.packets.push(packet);
    newest.sizeBytes += bytes;
    this.#sizeBytes += bytes;
    this.#trim(packet.bootMs);
  }

  clear(): void {
    this.#gops = [];
    this.#sizeBytes = 0;
  }

  /** Oldest first; the last one still grows. */
  get gops(): readonly Gop[] {
    return this.#gops;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  #trim(nowBootMs: number): void {
    // The oldest may go as soon as the second oldest reaches back far enough by itself.
    while (this.#sizeBytes > this.#maxBytes || (this.#gops[1]?.startBootMs ?? Number.POSITIVE_INFINITY) <= nowBootMs - this.keepMs) {
      const oldest = this.#gops.shift();
      if (!oldest) return;
      this.#sizeBytes -= oldest.sizeBytes;
    }
  }
}
