import { Hono } from 'hono';
import { z } from 'zod';
import { limits, loginSchema, sessionSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { cookieOf, giveCookie, remoteAddressOf, takeCookie } from './credentials.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { validate } from './validate.ts';

const tag = 'Access';

const passwordChangeSchema = z
  .object({
    current: z.string().max(limits.passwordMaxLength),
    next: z.string().min(limits.passwordMinLength).max(limits.passwordMaxLength),
  })
  .meta({ id: 'PasswordChange' });

export function sessionRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post(
      '/',
      door({ scope: 'anyone', tag, summary: 'Log in', answers: { 201: { description: 'Logged in', schema: sessionSchema } } }),
      validate('json', loginSchema),
      async (c) => {
        const { session, cookieValue } = await deps.access.login(c.req.valid('json'), remoteAddressOf(c));
        giveCookie(c, cookieValue);
        return c.json(session, 201);
      },
    )
    .get(
      '/',
      door({
        scope: 'view',
        tag,
        summary: 'Who is logged in',
        description: 'Only for a session; a token has none. Prolongs the cookie.',
        answers: { 200: { description: 'The session', schema: sessionSchema } },
      }),
      async (c) => {
        const cookieValue = cookieOf(c);
        const session = cookieValue === undefined ? null : await deps.access.session(cookieValue);
        if (!session || cookieValue === undefined) throw new Failure('not-found', 'There is no session: you came with a token.');
        giveCookie(c, cookieValue);
        return c.json(session, 200);
      },
    )
    .delete('/', door({ scope: 'view', tag, summary: 'Log out', answers: { 204: { description: 'Logged out' } } }), async (c) => {
      const cookieValue = cookieOf(c);
      if (cookieValue !== undefined) await deps.access.logout(cookieValue);
      takeCookie(c);
      return c.body(null, 204);
    })
    .put(
      '/password',
      door({
        scope: 'view',
        tag,
        summary: 'Change your password',
        description: 'Ends every session; the answer carries a new one for the caller. Not possible with a token.',
        answers: { 200: { description: 'Changed; a new session', schema: sessionSchema } },
      }),
      validate('json', passwordChangeSchema),
      async (c) => {
        const identity = c.get('identity');
        if (identity?.via !== 'session') throw new Failure('forbidden', 'A password can only be changed by the person who is logged in.');
        const { session, cookieValue } = await deps.access.changePassword(identity.name, c.req.valid('json'));
        giveCookie(c, cookieValue);
        return c.json(session, 200);
      },
    );
}
