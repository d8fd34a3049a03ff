import { Hono } from 'hono';
import { z } from 'zod';
import { relayPulseSchema, relaySchema, relaySwitchSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { idParamSchema } from './queries.ts';
import { validate } from './validate.ts';
import { nameOf } from './who.ts';

const tag = 'Cameras';
const relaysSchema = z.object({ relays: z.array(relaySchema) }).meta({ id: 'Relays' });
const relayParamSchema = idParamSchema.extend({ relay: z.string().min(1).max(64) });
const relayAnswer = { 200: { description: 'The output', schema: relaySchema } };

/** The outputs of network cameras: what is wired to them is switched here. */
export function relayRoutes({ relays }: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/:id/relays',
      door({
        scope: 'view',
        tag,
        summary: 'Its outputs',
        description:
          'Asked of the camera by ONVIF; empty for one without. Cameras do not tell whether an output is on: `on` is what this device told it last.',
        answers: { 200: { description: 'The outputs', schema: relaysSchema } },
      }),
      validate('param', idParamSchema),
      async (c) => c.json({ relays: await relays.list(c.req.valid('param').id, c.req.raw.signal) }, 200),
    )
    .put(
      '/:id/relays/:relay/on',
      door({
        scope: 'operate',
        tag,
        summary: 'Switch an output of the camera',
        description: 'Stays so until it is switched again, but for outputs that go off by themselves. Who did it is written down.',
        answers: relayAnswer,
      }),
      validate('param', relayParamSchema),
      validate('json', relaySwitchSchema),
      async (c) => {
        const { id, relay } = c.req.valid('param');
        const how = { on: c.req.valid('json').on, who: nameOf(c.get('identity')) };
        return c.json(await relays.switch(id, relay, how, c.req.raw.signal), 200);
      },
    )
    .post(
      '/:id/relays/:relay/pulse',
      door({
        scope: 'operate',
        tag,
        summary: 'Switch an output of the camera on for a moment',
        description: 'Answers when it is off again; an output that goes off by itself is merely begun. Who did it is written down.',
        answers: relayAnswer,
      }),
      validate('param', relayParamSchema),
      validate('json', relayPulseSchema),
      async (c) => {
        const { id, relay } = c.req.valid('param');
        const how = { durationMs: c.req.valid('json').durationMs, who: nameOf(c.get('identity')) };
        return c.json(await relays.pulse(id, relay, how, c.req.raw.signal), 200);
      },
    );
}
