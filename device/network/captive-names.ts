import { createSocket, type Socket } from 'node:dgram';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { captiveAnswer } from './captive-answer.ts';

interface CaptiveNamesOptions {
  clock: Clock;
  logger: Logger;
  /** Of the own access point; null while it is closed. */
  address(): string | null;
  port?: number;
}

const lookMs = 1_000;
/** The system's own answerer may have been started anew and stand before ours. */
const renewMs = 5_000;
/** An access point that is opening has its address some seconds later. */
const patienceMs = 30_000;
const namePort = 53;

/**
 * Names for the guests of the own access point. NetworkManager starts dnsmasq for them, which leads nowhere while there is no way out, and a
 * phone that gets no answer looks for no page. Both take their address so that another may have it too, and Linux gives a query to whoever
 * took it last: that is us, until we let go of it. Nothing of the host is changed, and without us everything is as before.
 */
export class CaptiveNames {
  readonly #options: CaptiveNamesOptions;
  #open: { socket: Socket; address: string; bootMs: number } | null = null;
  #refusedSinceBootMs: number | null = null;
  #isTold = false;

  constructor(options: CaptiveNamesOptions) {
    this.#options = options;
  }

  /** Until aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await every(this.#options.clock, lookMs, signal, () => this.#look());
    } finally {
      this.#open?.socket.close();
      this.#open = null;
    }
  }

  async #look(): Promise<void> {
    const address = this.#options.address();
    const bootMs = this.#options.clock.boot();
    const before = this.#open;
    if (before?.address === address && before !== null && bootMs - before.bootMs < renewMs) return;
    this.#open = null;
    if (address === null) this.#refusedSinceBootMs = null;
    else {
      const socket = await this.#take(address);
      if (socket) this.#open = { socket, address, bootMs };
    }
    // Only now, so that no query falls between the two.
    before?.socket.close();
  }

  async #take(address: string): Promise<Socket | null> {
    const { logger, port = namePort } = this.#options;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (query, from) => {
      const answer = isGuest(from.address, address) ? captiveAnswer(query, address) : null;
      if (answer) socket.send(answer, from.port, from.address, () => {});
    });
    const taken = Promise.withResolvers<Socket | null>();
    socket.once('listening', () => taken.resolve(socket));
    socket.on('error', (error) => {
      const bootMs = this.#options.clock.boot();
      this.#refusedSinceBootMs ??= bootMs;
      if (!this.#isTold && bootMs - this.#refusedSinceBootMs >= patienceMs) {
        logger.warn({ err: error }, 'names of guests are not answered: phones may not show the page by themselves');
        this.#isTold = true;
      }
      taken.resolve(null);
    });
    socket.bind(port, address);
    const open = await taken.promise;
    if (open) {
      this.#refusedSinceBootMs = null;
      this.#isTold = false;
    } else socket.close();
    return open;
  }
}

/** The access point is a network of 256 addresses. */
function isGuest(remoteAddress: string, address: string): boolean {
  return remoteAddress.startsWith(address.slice(0, address.lastIndexOf('.') + 1));
}
