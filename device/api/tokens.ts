import { Hono } from 'hono';
import { z } from 'zod';
import { createdTokenSchema, newTokenSchema, tokenSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Access';
const tokenListSchema = z.object({ tokens: z.array(tokenSchema) }).meta({ id: 'TokenList' });

export function tokenRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'Tokens for scripts',
        answers: { 200: { description: 'All tokens', schema: tokenListSchema } },
      }),
      async (c) => c.json({ tokens: await deps.access.tokens() }, 200),
    )
    .post(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'Make a token',
        description: 'Sent as `Authorization: Bearer …`. The only answer that ever tells it.',
        answers: { 201: { description: 'The token', schema: createdTokenSchema } },
      }),
      validate('json', newTokenSchema),
      async (c) => c.json(await deps.access.createToken(c.req.valid('json')), 201),
    )
    .delete(
      '/:id',
      door({ scope: 'admin', tag, summary: 'Revoke a token', answers: { 204: { description: 'Revoked' } } }),
      validate('param', idParamSchema),
      async (c) => {
        await deps.access.revokeToken(c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
}
