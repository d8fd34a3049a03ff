import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';

export interface BoundedRequest {
  method: 'GET' | 'POST' | 'PATCH';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: object;
  /** For the whole of it, the answer's last byte included. */
  timeoutMs: number;
  /** An answer that is longer is none. */
  maxBytes: number;
}

export interface BoundedAnswer {
  status: number;
  text: string;
}

/** Asks, and never waits nor reads without end. Throws Failure `timeout` or `unavailable`, which name neither address nor headers. */
export async function ask(clock: Clock, request: BoundedRequest): Promise<BoundedAnswer> {
  const { method, url, headers, body, timeoutMs, maxBytes } = request;
  const late = new AbortController();
  const answered = new AbortController();
  clock.sleep(timeoutMs, answered.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      redirect: 'error',
      signal: late.signal,
    });
    return { status: response.status, text: await textOf(response, maxBytes) };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    if (late.signal.aborted) throw new Failure('timeout', `No answer came within ${Math.round(timeoutMs / 1000)} s.`);
    throw new Failure('unavailable', 'Nothing answers.', { cause: causeOf(cause) });
  } finally {
    answered.abort();
  }
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new Failure('unavailable', 'The answer is too long to be one.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Only the reason of the network: what surrounds it may quote the request. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? (error.cause ?? error.name) : undefined;
}
