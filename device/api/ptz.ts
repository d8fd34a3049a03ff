import { Hono } from 'hono';
import { z } from 'zod';
import { limits, ptzMoveSchema, ptzSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Cameras';
const presetIdSchema = z.string().min(1).max(64);
const goToSchema = z.object({ id: presetIdSchema }).meta({ id: 'PtzGoTo' });
const newPresetSchema = z.object({ name: z.string().trim().min(1).max(limits.nameLength) }).meta({ id: 'NewPtzPreset' });
const presetParamSchema = idParamSchema.extend({ preset: presetIdSchema });

/** Turning and zooming a network camera, and the places that it remembers. */
export function ptzRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().route('/', moveRoutes(deps)).route('/', presetRoutes(deps));
}

function moveRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/ptz',
      door({
        scope: 'view',
        tag,
        summary: 'Whether it turns, and the places that it remembers',
        description: 'Asked of the camera by ONVIF.',
        answers: { 200: { description: 'What it can', schema: ptzSchema } },
      }),
      validate('param', idParamSchema),
      async (c) => c.json(await deps.onvif.ptz(c.req.valid('param').id, c.req.raw.signal), 200),
    )
    .post(
      '/:id/ptz/move',
      door({
        scope: 'operate',
        tag,
        summary: 'Turn or zoom for a moment',
        description: 'Answers when it has stopped.',
        answers: { 204: { description: 'Moved' } },
      }),
      validate('param', idParamSchema),
      validate('json', ptzMoveSchema),
      async (c) => {
        await deps.onvif.move(c.req.valid('param').id, c.req.valid('json'), c.req.raw.signal);
        return c.body(null, 204);
      },
    )
    .post(
      '/:id/ptz/go',
      door({ scope: 'operate', tag, summary: 'Look at a place that it remembers', answers: { 204: { description: 'On its way' } } }),
      validate('param', idParamSchema),
      validate('json', goToSchema),
      async (c) => {
        await deps.onvif.goTo(c.req.valid('param').id, c.req.valid('json').id, c.req.raw.signal);
        return c.body(null, 204);
      },
    );
}

function presetRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post(
      '/:id/ptz/presets',
      door({
        scope: 'admin',
        tag,
        summary: 'Let it remember where it looks now',
        answers: { 201: { description: 'The places that it remembers then', schema: ptzSchema } },
      }),
      validate('param', idParamSchema),
      validate('json', newPresetSchema),
      async (c) => c.json(await deps.onvif.addPreset(c.req.valid('param').id, c.req.valid('json').name, c.req.raw.signal), 201),
    )
    .delete(
      '/:id/ptz/presets/:preset',
      door({
        scope: 'admin',
        tag,
        summary: 'Let it forget a place',
        answers: { 200: { description: 'The places that it remembers then', schema: ptzSchema } },
      }),
      validate('param', presetParamSchema),
      async (c) => {
        const { id, preset } = c.req.valid('param');
        return c.json(await deps.onvif.removePreset(id, preset, c.req.raw.signal), 200);
      },
    );
}
