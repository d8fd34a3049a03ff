import { Hono } from 'hono';
import { systemSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';

export function systemRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/',
    door({
      scope: 'view',
      tag: 'Device',
      summary: 'The device itself',
      answers: { 200: { description: 'The device', schema: systemSchema } },
    }),
    async (c) => c.json(await deps.system.describe(), 200),
  );
}
