import type { Context } from 'hono';
import { credentialsOf, remoteAddressOf } from './credentials.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';

export const welcomeCheckMs = 15_000;

/** For answers that last: a logout, a new password or a revoked token ends them within {@link welcomeCheckMs}. */
export function stillWelcome(c: Context<ApiEnv>, deps: ApiDeps): () => Promise<boolean> {
  const credentials = credentialsOf(c);
  const address = remoteAddressOf(c);
  return async () => (await deps.access.identify(credentials, address)) !== null;
}

/** Calls `leave` once the caller may not stay; returns when that happened or the signal was aborted. */
export async function leaveWhenUnwelcome(
  deps: ApiDeps,
  isWelcome: () => Promise<boolean>,
  signal: AbortSignal,
  leave: () => void,
): Promise<void> {
  try {
    do await deps.clock.sleep(welcomeCheckMs, signal);
    while (await isWelcome());
    leave();
  } catch (error) {
    if (signal.aborted) return;
    deps.logger.warn({ err: error }, 'could not check whether a viewer may stay');
    leave();
  }
}
