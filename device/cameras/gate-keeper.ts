import type { Logger } from '#device/kernel/logger.ts';
import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { Burst } from './burst.ts';
import type { DetectionPort, Observation } from './ports.ts';

/** Key pictures no further apart than this find what full decoding finds; beyond it the gate is worth its false wakes. */
export const keyIntervalEnoughMs = 4_000;

interface GateKeeperPorts {
  logger: Logger;
  gate: DetectionPort['gate'];
  lumas(format: StreamFormat, packets: AsyncIterable<TimedPacket>, signal: AbortSignal): AsyncIterable<LumaPicture>;
  observe(picture: LumaPicture): Observation;
  groupSoFar(): readonly TimedPacket[];
  /** False while the machine has no strength to spare. */
  mayDecode(): boolean;
}

/** For cameras whose key pictures are far apart: lets the packet gate wake a decoder between them, one at a time. */
export class GateKeeper {
  readonly #ports: GateKeeperPorts;
  #format: StreamFormat | null = null;
  #gate: ReturnType<DetectionPort['gate']> | null = null;
  #burst: Burst | null = null;
  #epoch = new AbortController();

  constructor(ports: GateKeeperPorts) {
    this.#ports = ports;
  }

  /** A burst sees everything; key pictures from elsewhere would only repeat it out of order. */
  get decoding(): boolean {
    return this.#burst !== null;
  }

  /** Detection relies on key pictures alone, so that their distance matters. */
  get needed(): boolean {
    return this.#gate !== null;
  }

  begin(format: StreamFormat, needed: boolean): void {
    this.end();
    this.#epoch = new AbortController();
    this.#format = format;
    this.#gate = needed ? this.#ports.gate(format) : null;
  }

  packet(packet: TimedPacket, keyGapMs: number): void {
    this.#burst?.packet(packet);
    const woken = this.#gate?.observe(packet) ?? false;
    if (woken && !this.#burst && keyGapMs > keyIntervalEnoughMs && this.#ports.mayDecode()) void this.#decode();
  }

  end(): void {
    this.#epoch.abort();
    this.#burst?.end();
    this.#gate = null;
    this.#format = null;
  }

  async #decode(): Promise<void> {
    const format = this.#format;
    if (!format) return;
    const { signal } = this.#epoch;
    const gate = this.#gate;
    const burst = new Burst(this.#ports.groupSoFar());
    this.#burst = burst;
    try {
      const found = await burst.run(format, this.#ports, signal);
      if (!found) gate?.falseWake();
    } catch (error) {
      if (!signal.aborted) this.#ports.logger.warn({ err: error }, 'decoding between key pictures failed');
    } finally {
      if (this.#burst === burst) this.#burst = null;
    }
  }
}
