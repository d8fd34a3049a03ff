import { Hono } from 'hono';
import { updateStatusSchema } from '#device/contract/contract.ts';
import { door } from './door.ts';
import type { ApiEnv } from './environment.ts';
import type { ApiDeps } from './ports.ts';

const tag = 'Device';

/** What the machine as a whole can be told, and its releases. */
export function deviceCommandRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/update',
      door({
        scope: 'view',
        tag,
        summary: 'Which release runs, what is downloaded, and whether the last update worked',
        answers: { 200: { description: 'The state of updates', schema: updateStatusSchema } },
      }),
      async (c) => c.json(await deps.updates.status(), 200),
    )
    .post('/update', commandDoor('Look for an update now', 'A release that was refused here is tried again.'), async (c) => {
      await deps.updates.lookForUpdate();
      return c.body(null, 202);
    })
    .post('/reboot', commandDoor('Reboot the machine', 'Recordings are closed first; a minute without pictures.'), async (c) => {
      await deps.updates.reboot();
      return c.body(null, 202);
    })
    .post('/shutdown', commandDoor('Shut the machine down', 'It comes back when power is cut and given again.'), async (c) => {
      await deps.updates.shutdown();
      return c.body(null, 202);
    })
    .post('/restart', commandDoor('Restart this program', 'Recordings are closed first.'), async (c) => {
      await deps.updates.restart();
      return c.body(null, 202);
    })
    .post('/blink', commandDoor('Let the light of the board blink', 'Where the system below knows its light.'), async (c) => {
      await deps.updates.blink();
      return c.body(null, 202);
    });
}

function commandDoor(summary: string, description: string) {
  return door({ scope: 'admin', tag, summary, description, answers: { 202: { description: 'It will be done' } } });
}
