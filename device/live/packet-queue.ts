import type { TimedPacket } from '#device/media/packet.ts';

const maxBytes = 16_000_000;

/** Packets on their way to a decoder. When it is too slow, all that wait are dropped and it goes on at the next key picture. */
export class PacketQueue {
  #waiting: TimedPacket[] = [];
  #waitingBytes = 0;
  #needsKey = true;
  #wake: () => void = () => {};
  #newestTakenBootMs = 0;
  #firstBootMs: number | null = null;

  /** Of the key picture it all began with. */
  get firstBootMs(): number {
    return this.#firstBootMs ?? 0;
  }

  get newestTakenBootMs(): number {
    return this.#newestTakenBootMs;
  }

  push(packet: TimedPacket): void {
    if (this.#waitingBytes + packet.data.length > maxBytes) {
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#needsKey = true;
    }
    if (this.#needsKey && !packet.key) return;
    this.#needsKey = false;
    this.#firstBootMs ??= packet.bootMs;
    this.#waiting.push(packet);
    this.#waitingBytes += packet.data.length;
    this.#wake();
  }

  /** Ends when the signal is aborted. */
  async *take(signal: AbortSignal): AsyncGenerator<TimedPacket> {
    const abort = () => this.#wake();
    signal.addEventListener('abort', abort, { once: true });
    try {
      while (!signal.aborted) {
        const packet = this.#waiting.shift();
        if (packet) {
          this.#waitingBytes -= packet.data.length;
          this.#newestTakenBootMs = packet.bootMs;
          yield packet;
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
