import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { type ApiError, httpStatusOf } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { ApiEnv } from './environment.ts';

/** The words for a failure; anything that is not a Failure is logged with its cause and told only as `internal`. */
export function failureOf(error: unknown, logger: Logger): ApiError {
  const failure = error instanceof Failure ? error : wrapped(error);
  if (failure.kind === 'internal') logger.error({ err: error }, 'a request failed unexpectedly');
  return {
    error: { kind: failure.kind, message: failure.message, ...(failure.action === undefined ? {} : { action: failure.action }) },
  };
}

export function errorAnswer(c: Context<ApiEnv>, error: unknown, logger: Logger) {
  const answer = failureOf(error, logger);
  if (answer.error.kind === 'rate-limited') c.header('Retry-After', String(retryAfterSecondsOf(error)));
  if (answer.error.kind === 'unauthenticated') c.header('WWW-Authenticate', 'Bearer');
  c.header('Cache-Control', 'no-store');
  return c.json(answer, httpStatusOf[answer.error.kind]);
}

function retryAfterSecondsOf(error: unknown): number {
  return (error instanceof Failure ? error.retryAfterSeconds : undefined) ?? 60;
}

/** The framework's own refusals (a body that is not JSON, a bad address) are the sender's mistakes, not ours. */
function wrapped(error: unknown): Failure {
  if (error instanceof HTTPException && error.status < 500) {
    return new Failure('invalid-input', error.message || 'The request cannot be read.', { cause: error });
  }
  if (error instanceof URIError) return new Failure('invalid-input', 'The address cannot be read.', { cause: error });
  return new Failure('internal', 'Something went wrong inside the device.', { action: 'Look into its log.', cause: error });
}
