import { Hono } from 'hono';
import { z } from 'zod';
import { type Health, healthSchema, type ShortHealth, shortHealthSchema } from '#device/contract/contract.ts';
import { allows, door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps, Identity } from './ports.ts';

export function healthRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/',
    door({
      scope: 'anyone',
      tag: 'Device',
      summary: 'Is it working?',
      description: 'Without login only the worst level, whether the device is claimed, and its version; with scope "view" every check.',
      answers: { 200: { description: 'Health', schema: z.union([healthSchema, shortHealthSchema]) } },
    }),
    async (c) => c.json(await healthFor(c.get('identity'), deps), 200),
  );
}

/** Its declared type is what clients see: inferred, the longer form would vanish in the shorter. */
async function healthFor(identity: Identity | null, deps: ApiDeps): Promise<ShortHealth | Health> {
  return identity && allows(identity, 'view') ? await deps.health.full() : deps.health.short();
}
