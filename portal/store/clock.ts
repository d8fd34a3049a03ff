/** The only place of the portal that asks for the time or waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds that never jump; for ages and durations. */
  steadyMs(): number;
  /** Calls once, later; the answer cancels it. */
  after(delayMs: number, act: () => void): () => void;
  every(intervalMs: number, act: () => void): () => void;
}

export const browserClock = (): Clock => ({
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
  every: (intervalMs, act) => {
    const timer = setInterval(act, intervalMs);
    return () => clearInterval(timer);
  },
});
