import { Hono } from 'hono';
import { z } from 'zod';
import { cameraControlChangeSchema, cameraControlSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Cameras';
const controlsSchema = z.object({ controls: z.array(cameraControlSchema) }).meta({ id: 'CameraControls' });

/** What can be set in the camera itself: exposure, focus, brightness and so on. */
export function controlRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/controls',
      door({
        scope: 'admin',
        tag,
        summary: 'What can be set in the camera itself',
        description: 'USB cameras have some, and network cameras whose ONVIF address is known; for others the list is empty.',
        answers: { 200: { description: 'The controls', schema: controlsSchema } },
      }),
      validate('param', idParamSchema),
      async (c) => c.json({ controls: await deps.controls.list(c.req.valid('param').id, c.req.raw.signal) }, 200),
    )
    .patch(
      '/:id/controls',
      door({
        scope: 'admin',
        tag,
        summary: 'Set one of them',
        description: 'It is in force at once. Those of a USB camera are set again whenever it is plugged in.',
        answers: { 200: { description: 'The controls as they are then', schema: controlsSchema } },
      }),
      validate('param', idParamSchema),
      validate('json', cameraControlChangeSchema),
      async (c) => c.json({ controls: await deps.controls.set(c.req.valid('param').id, c.req.valid('json'), c.req.raw.signal) }, 200),
    );
}
