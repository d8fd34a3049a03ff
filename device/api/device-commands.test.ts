import { beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';

describe('what the machine is told', () => {
  let api: ApiCaller;
  let cookie: string;

  beforeEach(async () => {
    api = createApiCaller();
    cookie = await api.claim();
  });

  test('is told by the owner, and answered before it happens', async () => {
    for (const command of ['update', 'restart', 'reboot', 'shutdown', 'blink']) {
      expect((await api.ask('POST', `/api/system/${command}`, { cookie })).status).toBe(202);
    }
    expect(api.fake.commands).toEqual(['look for update', 'restart', 'reboot', 'shutdown', 'blink']);
  });

  test('is not told by a token that may only watch or record, nor by a stranger', async () => {
    for (const scope of ['view', 'operate', 'metrics']) {
      const bearer = await api.token(cookie, scope);
      expect((await api.ask('POST', '/api/system/reboot', { bearer })).status).toBe(403);
    }
    expect((await api.ask('POST', '/api/system/shutdown')).status).toBe(401);
    expect(api.fake.commands).toEqual([]);
  });

  test('is refused in words where something must be finished first', async () => {
    api.fake.deps.updates.reboot = async () => {
      throw new Failure('conflict', 'Something is being written that must be finished first.', { action: 'Try again in half a minute.' });
    };
    const refused = await api.ask('POST', '/api/system/reboot', { cookie });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { action: 'Try again in half a minute.' } });
  });

  test('the state of updates is for whoever may watch', async () => {
    const bearer = await api.token(cookie, 'view');
    const status = await api.ask('GET', '/api/system/update', { bearer });
    expect(await status.json()).toMatchObject({ state: 'downloading', progressPercent: 43, lastUpdate: { outcome: 'worked' } });
    expect((await api.ask('GET', '/api/system/update')).status).toBe(401);
  });
});
