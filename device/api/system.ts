import { Hono } from 'hono';
import { systemSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';

const tag = 'Device';

export function systemRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({ scope: 'view', tag, summary: 'The device itself', answers: { 200: { description: 'The device', schema: systemSchema } } }),
      async (c) => c.json(await deps.system.describe(), 200),
    )
    .post(
      '/identify',
      door({
        scope: 'operate',
        tag,
        summary: 'Let its lights blink',
        description: 'For half a minute, so that a person finds it among others.',
        answers: { 204: { description: 'They blink' } },
      }),
      (c) => {
        deps.system.identify();
        return c.body(null, 204);
      },
    );
}
