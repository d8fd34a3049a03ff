import { Hono } from 'hono';
import { z } from 'zod';
import { apiErrorSchema, recordingSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import { failureOf } from './error-answer.ts';
import { fileAnswer, pictureAnswer } from './media-answer.ts';
import type { ApiDeps } from './ports.ts';
import { cameraQuerySchema, downloadQuerySchema, fileParamSchema, filterOf, idParamSchema, recordingsQuerySchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Recordings';
const mostDeletedAtOnce = 500;

const recordingPageSchema = z.object({ recordings: z.array(recordingSchema), next: z.string().nullable() }).meta({ id: 'RecordingPage' });
const recordingDaysSchema = z.object({ days: z.array(z.string()) }).meta({ id: 'RecordingDays' });
const recordingChangeSchema = z.object({ protected: z.boolean() }).meta({ id: 'RecordingChange' });
const recordingDeletionSchema = z
  .object({ ids: z.array(z.string().min(1).max(200)).min(1).max(mostDeletedAtOnce) })
  .meta({ id: 'RecordingDeletion' });
const recordingDeletionResultSchema = z
  .object({ deleted: z.array(z.string()), failed: z.array(apiErrorSchema.extend({ id: z.string() })) })
  .meta({ id: 'RecordingDeletionResult' });

export function recordingRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().route('/', listRoutes(deps)).route('/', fileRoutes(deps)).route('/', oneRoutes(deps));
}

function listRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'view',
        tag,
        summary: 'Recordings, newest first',
        answers: { 200: { description: 'A page; `next` is the cursor of the following one', schema: recordingPageSchema } },
      }),
      validate('query', recordingsQuerySchema),
      async (c) => {
        const query = c.req.valid('query');
        const page = await deps.recordings.query({
          ...filterOf(query),
          ...(query.trigger ? { trigger: query.trigger } : {}),
          ...(query.protected ? { protected: query.protected === 'true' } : {}),
          ...(query.order ? { order: query.order } : {}),
        });
        return c.json(page, 200);
      },
    )
    .get(
      '/days',
      door({
        scope: 'view',
        tag,
        summary: 'Days on which something was recorded',
        answers: { 200: { description: 'Days in the zone of the device', schema: recordingDaysSchema } },
      }),
      validate('query', cameraQuerySchema),
      async (c) => c.json({ days: await deps.recordings.days(c.req.valid('query').camera) }, 200),
    )
    .post(
      '/delete',
      door({
        scope: 'operate',
        tag,
        summary: 'Delete many',
        answers: { 200: { description: 'Which are gone and which are not', schema: recordingDeletionResultSchema } },
      }),
      validate('json', recordingDeletionSchema),
      async (c) => c.json(await removeMany(deps, c.req.valid('json').ids), 200),
    );
}

async function removeMany(deps: ApiDeps, ids: string[]): Promise<z.infer<typeof recordingDeletionResultSchema>> {
  const deleted: string[] = [];
  const failed: z.infer<typeof recordingDeletionResultSchema>['failed'] = [];
  for (const id of new Set(ids)) {
    try {
      await deps.recordings.remove(id);
      deleted.push(id);
    } catch (error) {
      failed.push({ id, ...failureOf(error, deps.logger) });
    }
  }
  return { deleted, failed };
}

function fileRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:file{[^\\x2f]+\\.mp4}',
      door({
        scope: 'view',
        tag,
        summary: 'Its file',
        description: 'Takes ranges. With `?download` a browser saves it.',
        answers: {
          200: { description: 'The whole file', media: 'video/mp4' },
          206: { description: 'The range', media: 'video/mp4' },
          304: { description: 'Unchanged' },
          416: { description: 'There is no such range' },
        },
      }),
      validate('param', fileParamSchema),
      validate('query', downloadQuerySchema),
      async (c) => {
        const file = await deps.recordings.file(c.req.valid('param').file.slice(0, -'.mp4'.length));
        return fileAnswer(c, file, { type: 'video/mp4', download: c.req.valid('query').download !== undefined });
      },
    )
    .get(
      '/:id/thumbnail.jpg',
      door({ scope: 'view', tag, summary: 'A small picture of it', answers: { 200: { description: 'The picture', media: 'image/jpeg' } } }),
      validate('param', idParamSchema),
      async (c) => {
        const picture = await deps.recordings.thumbnail(c.req.valid('param').id);
        if (!picture) throw new Failure('not-found', 'There is no picture of this recording.');
        return pictureAnswer(c, picture);
      },
    );
}

function oneRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id',
      door({ scope: 'view', tag, summary: 'One recording', answers: { 200: { description: 'The recording', schema: recordingSchema } } }),
      validate('param', idParamSchema),
      async (c) => c.json(await deps.recordings.get(c.req.valid('param').id), 200),
    )
    .patch(
      '/:id',
      door({
        scope: 'operate',
        tag,
        summary: 'Protect it, or stop protecting it',
        answers: { 200: { description: 'The recording', schema: recordingSchema } },
      }),
      validate('param', idParamSchema),
      validate('json', recordingChangeSchema),
      async (c) => c.json(await deps.recordings.setProtected(c.req.valid('param').id, c.req.valid('json').protected), 200),
    )
    .delete(
      '/:id',
      door({ scope: 'operate', tag, summary: 'Delete it', answers: { 204: { description: 'Gone' } } }),
      validate('param', idParamSchema),
      async (c) => {
        await deps.recordings.remove(c.req.valid('param').id);
        return c.body(null, 204);
      },
    );
}
