import type { Clock } from './clock.ts';

/** A clock that moves only when told; for tests of stores. */
export const testClock = (startWallMs = Date.UTC(2026, 5, 1, 12)) => {
  let now = 0;
  let timers: { atMs: number; act: () => void; everyMs: number | null }[] = [];
  const add = (delayMs: number, act: () => void, everyMs: number | null) => {
    const timer = { atMs: now + delayMs, act, everyMs };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  };
  const clock: Clock = {
    wallMs: () => startWallMs + now,
    steadyMs: () => now,
    after: (delayMs, act) => add(delayMs, act, null),
    every: (intervalMs, act) => add(intervalMs, act, intervalMs),
  };
  return {
    clock,
    /** Lets everything that is due happen, in order. */
    pass: (durationMs: number) => {
      const end = now + durationMs;
      for (;;) {
        const due = timers.filter((timer) => timer.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
        if (!due) break;
        now = due.atMs;
        if (due.everyMs === null) timers = timers.filter((other) => other !== due);
        else due.atMs += due.everyMs;
        due.act();
      }
      now = end;
    },
    pending: () => timers.length,
  };
};
