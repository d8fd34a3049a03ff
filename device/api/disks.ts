import { Hono } from 'hono';
import { diskSchema, recordingPlaceChangeSchema, recordingPlaceSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Device';

/** Where recordings are kept, and the disks they could be kept on. */
export function diskRoutes({ disks }: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'Where recordings are kept, and which disks there are',
        description: 'Disks that the device itself runs from are left out.',
        answers: { 200: { description: 'The place and the disks', schema: recordingPlaceSchema } },
      }),
      async (c) => c.json(await disks.describe(), 200),
    )
    .put(
      '/chosen',
      door({
        scope: 'admin',
        tag,
        summary: 'Keep recordings elsewhere',
        description:
          'This program starts anew, in some seconds. Recordings stay where they are: those of the place of before are shown again when it is chosen again.',
        answers: { 202: { description: 'It will be done' } },
      }),
      validate('json', recordingPlaceChangeSchema),
      async (c) => {
        await disks.choose(c.req.valid('json').volumeId);
        return c.body(null, 202);
      },
    )
    .post(
      '/:id/erase',
      door({
        scope: 'admin',
        tag,
        summary: 'Erase a disk for recordings',
        description: 'Everything on it is lost. Refused for the disk on which recordings are kept now.',
        answers: { 200: { description: 'The disk, ready to be chosen', schema: diskSchema } },
      }),
      validate('param', idParamSchema),
      async (c) => c.json(await disks.erase(c.req.valid('param').id), 200),
    );
}
