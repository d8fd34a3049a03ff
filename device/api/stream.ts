import type { Context } from 'hono';
import type { StreamMessage } from '#device/contract/contract.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { stillWelcome, welcomeCheckMs } from './still-welcome.ts';

/** A client that lags by more than this is cut off: it comes back by itself and loads the lists anew, so nothing is missed silently. */
const queueBytes = 256 * 1024;
const reconnectMs = 2_000;

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/** Server-sent events: one block per StreamMessage, a comment every {@link welcomeCheckMs} that also checks whether the client may stay. */
export function streamAnswer(c: Context<ApiEnv>, deps: ApiDeps): Response {
  if (c.req.method === 'HEAD') return c.newResponse(null, 200, streamHeaders);
  return c.newResponse(messageStream(deps, stillWelcome(c, deps)), 200, streamHeaders);
}

function messageStream(deps: ApiDeps, isWelcome: () => Promise<boolean>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        let id = 0;
        const end = () => {
          if (ended.signal.aborted) return;
          ended.abort();
          controller.close();
        };
        const push = (text: string) => {
          if (ended.signal.aborted) return;
          if ((controller.desiredSize ?? 0) <= 0) end();
          else controller.enqueue(encoder.encode(text));
        };
        push(`retry: ${reconnectMs}\n: connected\n\n`);
        const unsubscribe = deps.stream.subscribe((message) => {
          id += 1;
          push(blockOf(id, message));
        });
        ended.signal.addEventListener('abort', unsubscribe, { once: true });
        void keepAlive(deps, isWelcome, ended.signal, () => push(': still here\n\n')).then(end);
      },
      cancel: () => ended.abort(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: queueBytes }),
  );
}

function blockOf(id: number, message: StreamMessage): string {
  return `id: ${id}\nevent: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`;
}

/** Returns when the client may not stay any longer, or the stream is over. */
async function keepAlive(deps: ApiDeps, isWelcome: () => Promise<boolean>, signal: AbortSignal, beat: () => void): Promise<void> {
  try {
    for (;;) {
      await deps.clock.sleep(welcomeCheckMs, signal);
      if (!(await isWelcome())) return;
      beat();
    }
  } catch (error) {
    if (!signal.aborted) deps.logger.warn({ err: error }, 'the stream of events ended');
  }
}
