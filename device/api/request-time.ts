import type { MiddlewareHandler } from 'hono';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';

/** Answers `timeout` when no answer has begun after `ms`; a body that streams may take as long as it likes. */
export function requestTime(clock: Clock, ms: number): MiddlewareHandler<ApiEnv> {
  return async (_c, next) => {
    const answered = new AbortController();
    const tooLate = clock.sleep(ms, answered.signal).then(() => {
      throw new Failure('timeout', 'The device did not answer in time.', { action: 'Try again; if it stays so, look at its health.' });
    });
    try {
      await Promise.race([next(), tooLate]);
    } finally {
      answered.abort();
    }
  };
}
