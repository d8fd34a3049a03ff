import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Access, openAccess } from '#device/access/access.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { type ApiCaller, cookieOf, createApiCaller, ownerLogin } from './api-caller.ts';
import { createFakePorts } from './fake-ports.ts';
import { SimulatedClock } from './simulated-clock.ts';

describe('the true access room behind the API', { timeout: 30_000 }, () => {
  let folder: string;
  let access: Access;
  let api: ApiCaller;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'access-'));
    access = await openAccess({ file: join(folder, 'access.db'), clock: new SimulatedClock(), logger: silentLogger });
    api = createApiCaller(createFakePorts({ access }));
  });

  afterEach(async () => {
    await access.close();
    await rm(folder, { recursive: true });
  });

  test('takes a person from the first visit to a token for a script', async () => {
    const outside = await api.ask('POST', '/api/claim', { json: ownerLogin, from: '8.8.8.8' });
    expect(await outside.json()).toMatchObject({ error: { kind: 'forbidden' } });
    expect((await api.ask('POST', '/api/claim', { json: { username: 'owner', password: 'short' } })).status).toBe(400);
    const cookie = await api.claim();
    expect(await (await api.ask('GET', '/api/session', { cookie })).json()).toMatchObject({ username: 'owner' });
    const bearer = await api.token(cookie, 'view');
    expect((await api.ask('GET', '/api/cameras', { bearer })).status).toBe(200);
    expect((await api.ask('POST', '/api/cameras/front/recording', { bearer })).status).toBe(403);
    expect((await (await api.ask('GET', '/api/tokens', { cookie })).text()).includes(bearer)).toBe(false);
  });

  test('logs everyone out when the password changes, but the one who changed it', async () => {
    const cookie = await api.claim();
    const other = cookieOf(await api.ask('POST', '/api/session', { json: ownerLogin }));
    const json = { current: ownerLogin.password, next: 'brand new words' };
    const changed = await api.ask('PUT', '/api/session/password', { cookie, json });
    expect(changed.status).toBe(200);
    for (const old of [cookie, other]) expect((await api.ask('GET', '/api/cameras', { cookie: old })).status).toBe(401);
    expect((await api.ask('GET', '/api/cameras', { cookie: cookieOf(changed) })).status).toBe(200);
  });

  test('changes the password while somebody guesses at it from the address of the owner', async () => {
    const cookie = await api.claim();
    for (let attempt = 0; attempt < 11; attempt += 1) {
      await api.ask('POST', '/api/session', { json: { ...ownerLogin, password: 'guess' } });
    }
    const json = { current: ownerLogin.password, next: 'brand new words' };
    const changed = await api.ask('PUT', '/api/session/password', { cookie, json });
    expect(changed.status).toBe(200);
    expect((await api.ask('GET', '/api/cameras', { cookie: cookieOf(changed) })).status).toBe(200);
  });

  test('turns away who guesses', async () => {
    await api.claim();
    const guess = () => api.ask('POST', '/api/session', { json: { username: 'owner', password: 'guess' }, from: '10.0.0.66' });
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { kind: 'rate-limited' } });
  });
});
