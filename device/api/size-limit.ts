import type { MiddlewareHandler } from 'hono';
import { Failure } from '#device/kernel/failure.ts';
import type { ApiEnv } from './environment.ts';

const maxBytes = 1024 * 1024;

/** Bounds what a request may send. One of undeclared length (also a DELETE without a body) is gathered and handed on as a plain Request. */
export function sizeLimit(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { body, headers, method, signal, url } = c.req.raw;
    if (!body) return next();
    const declared = headers.get('content-length');
    if (declared !== null && !headers.has('transfer-encoding')) {
      if (!(Number(declared) <= maxBytes)) throw tooLarge();
      return next();
    }
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
    c.req.raw = new Request(url, { method, headers, signal, body: new Blob(chunks.map((chunk) => Uint8Array.from(chunk))) });
    return next();
  };
}

function tooLarge(): Failure {
  return new Failure('invalid-input', 'What was sent is too large: at most 1 MiB.');
}
