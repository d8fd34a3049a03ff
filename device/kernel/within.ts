import type { Clock } from './clock.ts';

/** Whether the work was done in time; when it was not, it goes on and nobody waits for it any more. Rejects with what it throws in time. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([work.then(() => true), clock.sleep(ms, timer.signal).then(() => false)]);
  } finally {
    timer.abort();
  }
}
