import { Hono } from 'hono';
import { z } from 'zod';
import { calendarDaySchema, instantSchema, reelSchema, reelSummarySchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import { fileAnswer, pictureAnswer } from './media-answer.ts';
import type { ApiDeps } from './ports.ts';
import { downloadQuerySchema, idParamSchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Time-lapse';
const reelListSchema = z.object({ reels: z.array(reelSummarySchema) }).meta({ id: 'ReelList' });
const dayParamSchema = idParamSchema.extend({ day: calendarDaySchema });
/** `<instant>.jpg` */
const pictureParamSchema = dayParamSchema.extend({ picture: z.string().min(5).max(60) });

/** The time-lapse of a camera, day by day. Switched on in the settings of the camera. */
export function timeLapseRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().route('/', reelRoutes(deps)).route('/', pictureRoutes(deps));
}

function reelRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/time-lapse',
      door({
        scope: 'view',
        tag,
        summary: 'Days of which there is a time-lapse',
        description: 'Also of a camera that is no more.',
        answers: { 200: { description: 'Days, newest first', schema: reelListSchema } },
      }),
      validate('param', idParamSchema),
      async (c) => c.json({ reels: await deps.timeLapse.reels(c.req.valid('param').id) }, 200),
    )
    .get(
      '/:id/time-lapse/:day',
      door({
        scope: 'view',
        tag,
        summary: 'The pictures of a day',
        answers: { 200: { description: 'When each was taken', schema: reelSchema } },
      }),
      validate('param', dayParamSchema),
      async (c) => {
        const { id, day } = c.req.valid('param');
        return c.json(await deps.timeLapse.reel(id, day), 200);
      },
    )
    .delete(
      '/:id/time-lapse/:day',
      door({ scope: 'operate', tag, summary: 'Delete the pictures of a day', answers: { 204: { description: 'Gone' } } }),
      validate('param', dayParamSchema),
      async (c) => {
        const { id, day } = c.req.valid('param');
        await deps.timeLapse.remove(id, day);
        return c.body(null, 204);
      },
    );
}

function pictureRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/time-lapse/:day/film.mp4',
      door({
        scope: 'view',
        tag,
        summary: 'A day as a film',
        description:
          'Motion JPEG at 25 pictures a second, the pictures as they were taken. Takes ranges. With `?download` a browser saves it.',
        answers: {
          200: { description: 'The whole file', media: 'video/mp4' },
          206: { description: 'The range', media: 'video/mp4' },
          304: { description: 'Unchanged' },
          416: { description: 'There is no such range' },
        },
      }),
      validate('param', dayParamSchema),
      validate('query', downloadQuerySchema),
      async (c) => {
        const { id, day } = c.req.valid('param');
        const file = await deps.timeLapse.film(id, day);
        return fileAnswer(c, file, { type: 'video/mp4', download: c.req.valid('query').download !== undefined });
      },
    )
    .get(
      '/:id/time-lapse/:day/pictures/:picture',
      door({
        scope: 'view',
        tag,
        summary: 'One picture of a day',
        description: 'Named by when it was taken: `2026-06-30T12:05:00.000Z.jpg`.',
        answers: { 200: { description: 'The picture', media: 'image/jpeg' } },
      }),
      validate('param', pictureParamSchema),
      async (c) => {
        const { id, day, picture } = c.req.valid('param');
        return pictureAnswer(c, await deps.timeLapse.picture(id, day, takenMsOf(picture)));
      },
    );
}

function takenMsOf(name: string): number {
  const taken = name.endsWith('.jpg') ? instantSchema.safeParse(name.slice(0, -'.jpg'.length)) : null;
  if (!taken?.success) throw new Failure('not-found', 'There is no such picture.');
  return Date.parse(taken.data);
}
