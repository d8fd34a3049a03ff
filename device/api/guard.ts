import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Failure } from '#device/kernel/failure.ts';
import { credentialsOf, remoteAddressOf } from './credentials.ts';
import type { ApiEnv } from './environment.ts';
import { checkHost, checkOrigin } from './origin.ts';
import type { ApiDeps } from './ports.ts';

/** The only routes of the API that a stranger reaches; everything else needs a session or a token. */
export const openRoutes: readonly { method: string; path: string }[] = [
  { method: 'POST', path: '/api/claim' },
  { method: 'POST', path: '/api/session' },
  { method: 'GET', path: '/api/health' },
];

/** What one address may ask a minute without being known. Wide enough for a start script that polls health. */
const strangersRequestsPerMinute = 600;

/** Stands before every route of the API. Leaves `identity` in the context. */
export function guard(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  const strangers = new RateLimiterMemory({ points: strangersRequestsPerMinute, duration: 60 });

  return async (c, next) => {
    checkHost(c, deps.allowedHosts ?? []);
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    const isOpen = openRoutes.some((route) => route.method === method && route.path === c.req.path);
    const credentials = credentialsOf(c);
    if (credentials.bearer === undefined) checkOrigin(c);
    const claimed = deps.access.isClaimed();
    const hasCredentials = credentials.bearer !== undefined || credentials.cookieValue !== undefined;
    const identity = claimed && hasCredentials ? await deps.access.identify(credentials, remoteAddressOf(c)) : null;
    c.set('identity', identity);
    if (!identity) {
      await slowDown(strangers, remoteAddressOf(c));
      if (!isOpen) throw refusal(claimed);
    }
    await next();
  };
}

function refusal(claimed: boolean): Failure {
  if (!claimed) return new Failure('not-claimed', 'This device belongs to no one yet.', { action: 'Open it in a browser and claim it.' });
  return new Failure('unauthenticated', 'You are not logged in.', { action: 'Log in, or send a token.' });
}

async function slowDown(limiter: RateLimiterMemory, address: string): Promise<void> {
  try {
    await limiter.consume(address);
  } catch (cause) {
    if (cause instanceof Error) throw cause;
    throw new Failure('rate-limited', 'Too many requests from your address.', { action: 'Wait a minute.' });
  }
}
