import { Hono } from 'hono';
import { pinBoardSchema, pinSchema, pinSwitchSchema, pinUseSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';
import { lineParamSchema } from './queries.ts';
import { validate } from './validate.ts';
import { nameOf } from './who.ts';

const tag = 'Pins';
const pinAnswer = { 200: { description: 'The pin', schema: pinSchema } };

/** The pins of the board: what is wired to them, and how it is. */
export function pinRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().route('/', useRoutes(deps)).route('/', commandRoutes(deps));
}

function useRoutes({ pins }: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/',
      door({
        scope: 'view',
        tag,
        summary: 'All pins',
        description: 'With their state, their use, and who has those that are not free. Empty on a machine without.',
        answers: { 200: { description: 'All pins', schema: pinBoardSchema } },
      }),
      async (c) => c.json(await pins.facts(), 200),
    )
    .put(
      '/:line',
      door({
        scope: 'admin',
        tag,
        summary: 'Say what a pin is for',
        description: 'Refused with the reason when the kernel, the firmware or another program has it.',
        answers: pinAnswer,
      }),
      validate('param', lineParamSchema),
      validate('json', pinUseSchema),
      async (c) => c.json(await pins.assign(c.req.valid('param').line, c.req.valid('json')), 200),
    )
    .delete(
      '/:line',
      door({ scope: 'admin', tag, summary: 'Give a pin back', answers: { 204: { description: 'Free' } } }),
      validate('param', lineParamSchema),
      async (c) => {
        await pins.clear(c.req.valid('param').line);
        return c.body(null, 204);
      },
    );
}

function commandRoutes({ pins }: ApiDeps) {
  return new Hono<ApiEnv>()
    .post(
      '/:line/test',
      door({
        scope: 'operate',
        tag,
        summary: 'Try an output',
        description: 'On for one second. Who did it is written down.',
        answers: pinAnswer,
      }),
      validate('param', lineParamSchema),
      async (c) => c.json(await pins.test(c.req.valid('param').line, nameOf(c.get('identity'))), 200),
    )
    .put(
      '/:line/on',
      door({
        scope: 'operate',
        tag,
        summary: 'Switch an output',
        description: 'Stays so until it is switched again. Off also ends what a pulse or motion began.',
        answers: pinAnswer,
      }),
      validate('param', lineParamSchema),
      validate('json', pinSwitchSchema),
      async (c) => c.json(await pins.switch(c.req.valid('param').line, c.req.valid('json').on, nameOf(c.get('identity'))), 200),
    );
}
