/** Runs parts side by side: when the first ends, all are told to, and its end is the end of all. Returns when every part is over. */
export async function runTogether(signal: AbortSignal, parts: readonly ((scope: AbortSignal) => Promise<void>)[]): Promise<void> {
  const scope = new AbortController();
  const cancel = () => scope.abort(signal.reason);
  if (signal.aborted) return;
  signal.addEventListener('abort', cancel, { once: true });
  const running = parts.map((part) => part(scope.signal));
  try {
    await Promise.race(running);
  } finally {
    scope.abort();
    signal.removeEventListener('abort', cancel);
    await Promise.allSettled(running);
  }
}
