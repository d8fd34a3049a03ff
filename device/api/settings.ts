import { Hono } from 'hono';
import { z } from 'zod';
import { deviceSettingsChangeSchema, deviceSettingsSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { validate } from './validate.ts';

const tag = 'Settings';
const shownSettingsSchema = deviceSettingsSchema
  .extend({ fixedByEnvironment: z.array(z.string()).meta({ description: 'Names of settings that the environment decides, dotted' }) })
  .meta({ id: 'ShownSettings' });

export function settingsRoutes(deps: ApiDeps) {
  const shown = () => ({ ...deps.settings.get(), fixedByEnvironment: [...deps.settings.fixedByEnvironment()] });
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'view',
        tag,
        summary: 'Settings of the device',
        answers: { 200: { description: 'Settings', schema: shownSettingsSchema } },
      }),
      (c) => c.json(shown(), 200),
    )
    .patch(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'Change settings',
        description: 'What is not named stays as it is.',
        answers: { 200: { description: 'Settings after the change', schema: shownSettingsSchema } },
      }),
      validate('json', deviceSettingsChangeSchema),
      async (c) => {
        await deps.settings.change(c.req.valid('json'));
        return c.json(shown(), 200);
      },
    );
}
