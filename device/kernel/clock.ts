import { setTimeout as sleepFor } from 'node:timers/promises';

/** Time as a dependency. No other file asks the machine what time it is or sets a timer. */
export interface Clock {
  /** Milliseconds since 1970 as the machine believes it; may step either way at any moment. */
  wall(): number;
  /** Milliseconds since the machine booted; never steps, the same base for all processes of one boot. */
  boot(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  boot: () => Number(process.hrtime.bigint() / 1000n) / 1000,
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await sleepFor(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
