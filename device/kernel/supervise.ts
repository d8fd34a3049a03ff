import { Backoff, type BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import { Failure } from './failure.ts';

/**
 * What went wrong is cured by a fresh start (the camera changed its format): no pause, provided that the run had shown life and that it
 * does not happen all the time.
 */
export class RestartAtOnce extends Failure {}

/** Within this a second fresh start waits like any other: what sends one frame and then rubbish must not keep the device busy. */
const atOnceEveryMs = 10_000;

export interface Attempt {
  error: unknown;
  /** Failures since the last proof of life, this one included. */
  failures: number;
  /** Milliseconds until the next start. */
  delayMs: number;
}

export interface SuperviseOptions {
  clock: Clock;
  backoff: BackoffOptions;
  /** Called for every start: a fresh instance each time. `alive` is to be called at every proof of life, the first frame say; a spawn is none. */
  start: (signal: AbortSignal, alive: () => void) => Promise<void>;
  /** Called after each failure, before the pause. */
  failed: (attempt: Attempt) => void;
}

/**
 * Runs, and starts anew after each failure, until the signal is aborted or a run returns by itself: it has then finished what it had
 * to do. Never throws what a run threw.
 */
export async function supervise(options: SuperviseOptions, signal: AbortSignal): Promise<void> {
  const backoff = new Backoff(options.backoff);
  let failures = 0;
  let atOnceBootMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    let livedThisTime = false;
    const alive = () => {
      livedThisTime = true;
      failures = 0;
      backoff.reset();
    };
    try {
      await options.start(signal, alive);
      return;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const bootMs = options.clock.boot();
      const atOnce = error instanceof RestartAtOnce && livedThisTime && bootMs - atOnceBootMs >= atOnceEveryMs;
      if (atOnce) atOnceBootMs = bootMs;
      const delayMs = atOnce ? 0 : backoff.next();
      options.failed({ error, failures, delayMs });
      if (delayMs > 0) await options.clock.sleep(delayMs, signal).catch(() => {});
    }
  }
}
