import { callerOf } from '#device/kernel/remote-address.ts';

interface Shares {
  perCaller: number;
  /** For all neighbours of one IPv6 network together, each of whom can take any number of its addresses. */
  perNetwork: number;
  inAll: number;
}

/** How many connections may be open at once, for whom. */
export class ConnectionShares {
  readonly #shares: Shares;
  /** By caller and by network; one that has none is not in it. */
  readonly #open = new Map<string, number>();
  #openInAll = 0;

  constructor(shares: Shares) {
    this.#shares = shares;
  }

  /** What to call when the connection has ended; null when there is no room for it. */
  take(remoteAddress: string): (() => void) | null {
    const { id, network } = callerOf(remoteAddress);
    const { perCaller, perNetwork, inAll } = this.#shares;
    if (this.#openInAll >= inAll || this.#openOf(id) >= perCaller) return null;
    if (network !== null && this.#openOf(network) >= perNetwork) return null;
    const counted = network === null ? [id] : [id, network];
    this.#count(counted, 1);
    return () => this.#count(counted, -1);
  }

  #openOf(key: string): number {
    return this.#open.get(key) ?? 0;
  }

  #count(keys: readonly string[], change: 1 | -1): void {
    this.#openInAll += change;
    for (const key of keys) {
      const open = this.#openOf(key) + change;
      if (open === 0) this.#open.delete(key);
      else this.#open.set(key, open);
    }
  }
}
