import type { Clock } from './clock.ts';

/** Does the work, then again after each pause, until aborted. Rejects with what the work throws. */
export async function every(clock: Clock, intervalMs: number, signal: AbortSignal, work: () => void | Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    try {
      await clock.sleep(intervalMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
