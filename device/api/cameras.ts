import { Hono } from 'hono';
import { z } from 'zod';
import {
  cameraChangeSchema,
  cameraSchema,
  limits,
  newCameraSchema,
  probeRequestSchema,
  probeResultSchema,
} from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema, removeCameraQuerySchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Cameras';
const manualRecordingMs = 60_000;

const cameraListSchema = z.object({ cameras: z.array(cameraSchema) }).meta({ id: 'CameraList' });
const manualRecordingSchema = z
  .object({ durationMs: z.number().int().min(1_000).max(limits.maxLengthMaxMs).optional() })
  .meta({ id: 'ManualRecording' });

/** Which cameras exist, and what is done with them. Their pictures are in camera-media.ts. */
export function cameraRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().route('/', collectionRoutes(deps)).route('/', oneRoutes(deps)).route('/', commandRoutes(deps));
}

function collectionRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({ scope: 'view', tag, summary: 'All cameras', answers: { 200: { description: 'All cameras', schema: cameraListSchema } } }),
      (c) => c.json({ cameras: deps.cameras.list() }, 200),
    )
    .post(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'Add a camera',
        description: 'Looks at its source first and refuses what cannot work, unless `saveAnyway`.',
        answers: { 201: { description: 'The camera', schema: cameraSchema } },
      }),
      validate('json', newCameraSchema),
      async (c) => c.json(await deps.cameras.add(c.req.valid('json')), 201),
    )
    .post(
      '/probe',
      door({
        scope: 'admin',
        tag,
        summary: 'Look at a source without adding it',
        answers: { 200: { description: 'What was found', schema: probeResultSchema } },
      }),
      validate('json', probeRequestSchema),
      async (c) => {
        const asked = c.req.valid('json');
        const { signal } = c.req.raw;
        const found = 'source' in asked ? deps.cameras.probe(asked.source, signal, asked.cameraId) : deps.cameras.probe(asked, signal);
        return c.json(await found, 200);
      },
    );
}

function oneRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id',
      door({ scope: 'view', tag, summary: 'One camera', answers: { 200: { description: 'The camera', schema: cameraSchema } } }),
      validate('param', idParamSchema),
      (c) => c.json(deps.cameras.get(c.req.valid('param').id), 200),
    )
    .patch(
      '/:id',
      door({
        scope: 'admin',
        tag,
        summary: 'Change a camera',
        description: 'What is not named stays as it is.',
        answers: { 200: { description: 'The camera', schema: cameraSchema } },
      }),
      validate('param', idParamSchema),
      validate('json', cameraChangeSchema),
      async (c) => c.json(await deps.cameras.change(c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .delete(
      '/:id',
      door({
        scope: 'admin',
        tag,
        summary: 'Remove a camera',
        description: 'Its recordings stay and age out, unless `deleteRecordings=true`.',
        answers: { 204: { description: 'Gone' } },
      }),
      validate('param', idParamSchema),
      validate('query', removeCameraQuerySchema),
      async (c) => {
        await deps.cameras.remove(c.req.valid('param').id, { deleteRecordings: c.req.valid('query').deleteRecordings === 'true' });
        return c.body(null, 204);
      },
    );
}

function commandRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post(
      '/:id/restart',
      door({
        scope: 'operate',
        tag,
        summary: 'Open its source anew',
        answers: { 200: { description: 'The camera', schema: cameraSchema } },
      }),
      validate('param', idParamSchema),
      async (c) => c.json(await deps.cameras.restart(c.req.valid('param').id), 200),
    )
    .post(
      '/:id/recording',
      door({
        scope: 'operate',
        tag,
        summary: 'Record by hand, or go on recording',
        description: `For \`durationMs\`, or ${manualRecordingMs} ms.`,
        answers: { 200: { description: 'The camera', schema: cameraSchema } },
      }),
      validate('param', idParamSchema),
      validate('json', manualRecordingSchema),
      async (c) => {
        const { id } = c.req.valid('param');
        await deps.cameras.record(id, c.req.valid('json').durationMs ?? manualRecordingMs);
        return c.json(deps.cameras.get(id), 200);
      },
    )
    .delete(
      '/:id/recording',
      door({ scope: 'operate', tag, summary: 'End the recording by hand', answers: { 204: { description: 'Ended' } } }),
      validate('param', idParamSchema),
      async (c) => {
        await deps.cameras.stopRecording(c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
}
