import type { MiddlewareHandler } from 'hono';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';

const mostBytes = 1024 * 1024;
/** A claim or a login, however its letters are escaped. What strangers begin to send and never end must not fill the memory. */
const mostBytesOfStrangers = 4096;

/**
 * Bounds what a request may send; stands behind the guard, which knows who asks.
 * What is of undeclared length (also a DELETE without a body) or from a stranger is gathered and handed on as a plain Request.
 */
export function sizeLimit(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { body, headers, method, signal, url } = c.req.raw;
    if (!body) return next();
    const isKnown = c.get('identity') !== null;
    const maxBytes = isKnown ? mostBytes : mostBytesOfStrangers;
    const isDeclared = headers.has('content-length') && !headers.has('transfer-encoding');
    if (isDeclared && !(Number(headers.get('content-length')) <= maxBytes)) throw tooLarge(maxBytes);
    if (isDeclared && isKnown) return next();
    c.req.raw = new Request(url, { method, headers, signal, body: new Blob([await gathered(body, maxBytes)]) });
    return next();
  };
}

/** In one piece from the start: bytes that come one by one would each cost many times their size. */
async function gathered(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(maxBytes);
  let sizeBytes = 0;
  for await (const chunk of body) {
    if (sizeBytes + chunk.length > maxBytes) throw tooLarge(maxBytes);
    whole.set(chunk, sizeBytes);
    sizeBytes += chunk.length;
  }
  return whole.subarray(0, sizeBytes);
}

function tooLarge(maxBytes: number): Failure {
  return new Failure('invalid-input', `What was sent is too large: at most ${maxBytes === mostBytes ? '1 MiB' : '4 KiB'}.`);
}
