import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { Observation } from './ports.ts';

interface BurstPorts {
  lumas(format: StreamFormat, packets: AsyncIterable<TimedPacket>, signal: AbortSignal): AsyncIterable<LumaPicture>;
  observe(picture: LumaPicture): Observation;
}

/** A burst that has seen nothing for so long (stream time) ends. */
const quietMs = 4_000;
/** Packets waiting for a slow decoder, beside the group it began with; beyond it the burst gives up and the key pictures go on alone. */
const waitingPackets = 400;

/**
 * Decodes between key pictures for as long as something moves: woken by the packet gate on cameras whose key pictures are
 * too far apart. Answers whether anything was found.
 */
export class Burst {
  readonly #waiting: TimedPacket[] = [];
  readonly #mostWaiting: number;
  #wake: () => void = () => {};
  #ended = false;

  constructor(groupSoFar: readonly TimedPacket[]) {
    this.#waiting.push(...groupSoFar);
    this.#mostWaiting = groupSoFar.length + waitingPackets;
  }

  packet(packet: TimedPacket): void {
    if (packet.track !== 'video') return;
    if (this.#waiting.length >= this.#mostWaiting) this.#ended = true;
    else this.#waiting.push(packet);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async run(format: StreamFormat, ports: BurstPorts, signal: AbortSignal): Promise<boolean> {
    const stop = new AbortController();
    let found = false;
    let lastSignBootMs: number | null = null;
    try {
      for await (const picture of ports.lumas(format, this.#packets(), AbortSignal.any([signal, stop.signal]))) {
        const observation = ports.observe(picture);
        const counts = observation.score >= observation.threshold;
        found ||= counts;
        lastSignBootMs = counts || lastSignBootMs === null ? picture.bootMs : lastSignBootMs;
        if (picture.bootMs - lastSignBootMs > quietMs) break;
      }
    } finally {
      stop.abort();
      this.end();
    }
    return found;
  }

  async *#packets(): AsyncGenerator<TimedPacket> {
    for (;;) {
      const packet = this.#waiting.shift();
      if (packet) {
        yield packet;
        continue;
      }
      if (this.#ended) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }
}
