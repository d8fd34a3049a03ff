import { Hono } from 'hono';
import { discoverySchema, onvifDescriptionSchema, onvifLoginSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import { snapshotAnswer } from './media-answer.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema } from './queries.ts';
import { validate } from './validate.ts';

const tag = 'Cameras';

/** Cameras that are there, whether or not they were added. */
export function discoveryRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'The cameras on the device',
        description: 'Sends nothing into the network; what that answered when it was asked last is among them.',
        answers: { 200: { description: 'What was found', schema: discoverySchema } },
      }),
      async (c) => c.json(await deps.discovery.list(c.req.raw.signal), 200),
    )
    .post(
      '/',
      door({
        scope: 'admin',
        tag,
        summary: 'Look for cameras in the network too',
        description: 'Asks all devices of the local network once (ONVIF WS-Discovery) and waits some seconds for their answers.',
        answers: { 200: { description: 'What was found', schema: discoverySchema } },
      }),
      async (c) => c.json(await deps.discovery.search(c.req.raw.signal), 200),
    )
    .post(
      '/onvif',
      door({
        scope: 'admin',
        tag,
        summary: 'Ask a network camera for its streams',
        description:
          'With its login, by ONVIF. What is answered has a source in it that can be sent to add it; the password is yours to put in.',
        answers: { 200: { description: 'What it says of itself', schema: onvifDescriptionSchema } },
      }),
      validate('json', onvifLoginSchema),
      async (c) => c.json(await deps.onvif.describe(c.req.valid('json'), c.req.raw.signal), 200),
    )
    .get(
      '/:id/snapshot.jpg',
      door({
        scope: 'admin',
        tag,
        summary: 'What a found camera sees',
        description: 'Opens it for a moment, unless it was added: then its newest picture, with its age in the header X-Picture-Age-Ms.',
        answers: { 200: { description: 'The picture', media: 'image/jpeg' } },
      }),
      validate('param', idParamSchema),
      async (c) => snapshotAnswer(c, await deps.discovery.picture(c.req.valid('param').id, c.req.raw.signal)),
    );
}
