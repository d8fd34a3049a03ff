import { Hono } from 'hono';
import { claimSchema, sessionSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { giveCookie, remoteAddressOf } from './credentials.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import { cameThroughProxy } from './origin.ts';
import type { ApiDeps } from './ports.ts';
import { validate } from './validate.ts';

export function claimRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().post(
    '/',
    door({
      scope: 'anyone',
      tag: 'Access',
      summary: 'Make the device yours',
      description: 'Only until it is claimed, and only from the local network. Answers with a session cookie.',
      answers: { 201: { description: 'Claimed; you are logged in', schema: sessionSchema } },
    }),
    validate('json', claimSchema),
    async (c) => {
      if (cameThroughProxy(c)) {
        throw new Failure('forbidden', 'The device can only be claimed from its own network, not through a proxy.', {
          action: 'Open it by its address or its .local name from the same network.',
        });
      }
      const { session, cookieValue } = await deps.access.claim(c.req.valid('json'), remoteAddressOf(c));
      giveCookie(c, cookieValue);
      return c.json(session, 201);
    },
  );
}
