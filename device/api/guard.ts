import type { MiddlewareHandler } from 'hono';
import { CallerLimit } from '#device/kernel/caller-limit.ts';
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

/** What may be asked a minute without being known. Wide enough for a start script that polls health. */
const strangersRequests = { perCaller: 600, perNetwork: 3_000, durationSeconds: 60 };

/** Stands before every route of the API. Leaves `identity` in the context. */
export function guard(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  const strangers = new CallerLimit(strangersRequests);

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
      if ((await strangers.take(remoteAddressOf(c))) > 0) throw tooMany();
      if (!isOpen) throw refusal(claimed);
    }
    await next();
  };
}

function refusal(claimed: boolean): Failure {
  if (!claimed) return new Failure('not-claimed', 'This device belongs to no one yet.', { action: 'Open it in a browser and claim it.' });
  return new Failure('unauthenticated', 'You are not logged in.', { action: 'Log in, or send a token.' });
}

function tooMany(): Failure {
  return new Failure('rate-limited', 'Too many requests from your address.', { action: 'Wait a minute.' });
}
