import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { callerOf } from './remote-address.ts';

interface CallerLimitOptions {
  perCaller: number;
  /** For all neighbours of one IPv6 network together, each of whom can take any number of its addresses. */
  perNetwork: number;
  durationSeconds: number;
}

/** How often one caller may ask. A neighbour who asks too often uses up his own share, not that of the others. */
export class CallerLimit {
  readonly #callers: RateLimiterMemory;
  readonly #networks: RateLimiterMemory;

  constructor({ perCaller, perNetwork, durationSeconds }: CallerLimitOptions) {
    this.#callers = new RateLimiterMemory({ points: perCaller, duration: durationSeconds });
    this.#networks = new RateLimiterMemory({ points: perNetwork, duration: durationSeconds });
  }

  /** Counts this once. Answers for how many milliseconds the caller has to wait: 0 when it need not. */
  async take(remoteAddress: string): Promise<number> {
    const { id, network } = callerOf(remoteAddress);
    if (network === null) return countOnce(this.#callers, id);
    // Looked at before the caller is counted: a network that is used up must not leave a counter for each of its addresses.
    const ofNetwork = await this.#networks.get(network);
    if (ofNetwork?.remainingPoints === 0 && ofNetwork.msBeforeNext > 0) return ofNetwork.msBeforeNext;
    return (await countOnce(this.#callers, id)) || countOnce(this.#networks, network);
  }

  /** The caller has proven to be no stranger: what it and its network asked before does not count. */
  async forget(remoteAddress: string): Promise<void> {
    const { id, network } = callerOf(remoteAddress);
    await this.#callers.delete(id);
    if (network !== null) await this.#networks.delete(network);
  }
}

/** Counts this once. Answers for how many milliseconds is to be waited: 0 when that is not needed. */
export async function countOnce(limiter: RateLimiterMemory, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, refusal.msBeforeNext);
  }
}
