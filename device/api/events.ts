import { Hono } from 'hono';
import { z } from 'zod';
import { eventSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import { pictureAnswer } from './media-answer.ts';
import type { ApiDeps } from './ports.ts';
import { eventsQuerySchema, filterOf, idParamSchema } from './queries.ts';
import { streamAnswer } from './stream.ts';
import { validate } from './validate.ts';

const tag = 'Events';
const eventPageSchema = z.object({ events: z.array(eventSchema), next: z.string().nullable() }).meta({ id: 'EventPage' });

export function eventRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'view',
        tag,
        summary: 'What happened, newest first',
        answers: { 200: { description: 'A page; `next` is the cursor of the following one', schema: eventPageSchema } },
      }),
      validate('query', eventsQuerySchema),
      async (c) => {
        const query = c.req.valid('query');
        return c.json(await deps.events.query({ ...filterOf(query), ...(query.kind ? { kind: query.kind } : {}) }), 200);
      },
    )
    .get(
      '/stream',
      door({
        scope: 'view',
        tag,
        summary: 'What happens now, as server-sent events',
        description: 'The event name is the `type` of a StreamMessage, the data is the message. After a reconnection load the lists anew.',
        answers: { 200: { description: 'StreamMessages', media: 'text/event-stream' } },
      }),
      (c) => streamAnswer(c, deps),
    )
    .get(
      '/:id',
      door({ scope: 'view', tag, summary: 'One event', answers: { 200: { description: 'The event', schema: eventSchema } } }),
      validate('param', idParamSchema),
      async (c) => c.json(await deps.events.get(c.req.valid('param').id), 200),
    )
    .get(
      '/:id/picture.jpg',
      door({ scope: 'view', tag, summary: 'Its best picture', answers: { 200: { description: 'The picture', media: 'image/jpeg' } } }),
      validate('param', idParamSchema),
      async (c) => {
        const picture = await deps.events.picture(c.req.valid('param').id);
        if (!picture) throw new Failure('not-found', 'There is no picture of this event.');
        return pictureAnswer(c, picture);
      },
    );
}
