import { beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#device/contract/contract.ts';
import { type ApiCaller, cookieOf, createApiCaller, ownerLogin } from '#device/testing/api-caller.ts';
import { fakeSiren } from '#device/testing/fake-pin-port.ts';
import { fakeEvent } from '#device/testing/fake-things.ts';

describe('the resources of the device', () => {
  let api: ApiCaller;
  let cookie: string;

  beforeEach(async () => {
    api = createApiCaller();
    cookie = await api.claim();
  });

  const ask = (method: string, path: string, json?: unknown) => api.ask(method, path, { cookie, ...(json === undefined ? {} : { json }) });

  test('a device is claimed once', async () => {
    const again = await ask('POST', '/api/claim', ownerLogin);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ error: { kind: 'already-claimed' } });
  });

  test('a session begins, is told and ends', async () => {
    const login = await api.ask('POST', '/api/session', { json: ownerLogin });
    expect(login.status).toBe(201);
    const own = cookieOf(login);
    const told = await api.ask('GET', '/api/session', { cookie: own });
    expect(await told.json()).toMatchObject({ username: 'owner' });
    expect(told.headers.get('set-cookie')).toContain('Max-Age=2592000');
    const logout = await api.ask('DELETE', '/api/session', { cookie: own });
    expect(logout.status).toBe(204);
    expect(logout.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await api.ask('GET', '/api/session', { cookie: own })).status).toBe(401);
    expect((await ask('GET', '/api/session')).status).toBe(200);
  });

  test('a wrong login is told as such and sets no cookie', async () => {
    const login = await api.ask('POST', '/api/session', { json: { ...ownerLogin, password: 'wrong' } });
    expect(login.status).toBe(401);
    expect(login.headers.get('set-cookie')).toBeNull();
    expect(await login.json()).toMatchObject({ error: { kind: 'wrong-login' } });
  });

  test('a login is taken with the space that phones put after a name', async () => {
    const padded = ` ${ownerLogin.username.padEnd(limits.usernameMaxLength)}`;
    expect((await api.ask('POST', '/api/session', { json: { ...ownerLogin, username: padded } })).status).toBe(201);
  });

  test('a new password ends all sessions but gives the caller a new one', async () => {
    const changed = await ask('PUT', '/api/session/password', { current: ownerLogin.password, next: 'another long one' });
    expect(changed.status).toBe(200);
    expect((await ask('GET', '/api/session')).status).toBe(401);
    expect((await api.ask('GET', '/api/session', { cookie: cookieOf(changed) })).status).toBe(200);
  });

  test('a token has no session and cannot change a password', async () => {
    const bearer = await api.token(cookie, 'admin');
    expect((await api.ask('GET', '/api/session', { bearer })).status).toBe(404);
    const change = { current: ownerLogin.password, next: 'another long one' };
    expect((await api.ask('PUT', '/api/session/password', { bearer, json: change })).status).toBe(403);
  });

  test('a token is told once and can be revoked', async () => {
    const bearer = await api.token(cookie, 'view');
    const listed = await (await ask('GET', '/api/tokens')).text();
    expect(listed).not.toContain(bearer);
    const [{ id }] = JSON.parse(listed).tokens;
    expect((await api.ask('GET', '/api/cameras', { bearer })).status).toBe(200);
    expect((await ask('DELETE', `/api/tokens/${id}`)).status).toBe(204);
    expect((await api.ask('GET', '/api/cameras', { bearer })).status).toBe(401);
    expect((await ask('DELETE', `/api/tokens/${id}`)).status).toBe(404);
  });

  test('a camera is added, looked at, changed, recorded, restarted and removed', async () => {
    const added = await ask('POST', '/api/cameras', { name: 'Garden', source: { kind: 'rtsp', url: 'rtsp://10.0.0.5/1' } });
    expect(added.status).toBe(201);
    expect(await added.json()).toMatchObject({ id: 'garden', state: 'online' });
    expect(await (await ask('GET', '/api/cameras')).json()).toMatchObject({ cameras: [{ id: 'front' }, { id: 'garden' }] });
    expect(await (await ask('PATCH', '/api/cameras/garden', { name: 'Yard' })).json()).toMatchObject({ name: 'Yard' });
    expect(await (await ask('POST', '/api/cameras/garden/recording', {})).json()).toMatchObject({ status: { recordingNow: true } });
    expect((await ask('DELETE', '/api/cameras/garden/recording')).status).toBe(204);
    expect((await ask('POST', '/api/cameras/garden/restart')).status).toBe(200);
    expect((await ask('DELETE', '/api/cameras/garden?deleteRecordings=true')).status).toBe(204);
    expect((await ask('GET', '/api/cameras/garden')).status).toBe(404);
  });

  test('a source is looked at as such, or as the camera that would be added', async () => {
    for (const body of [{ kind: 'demo' }, { source: { kind: 'demo' } }, { name: 'Yard', source: { kind: 'demo' } }]) {
      expect(await (await ask('POST', '/api/cameras/probe', body)).json()).toHaveProperty('summary');
    }
    const wrong = await ask('POST', '/api/cameras/probe', { name: 'Yard' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('Send a source');
  });

  test('a recording by hand needs no body', async () => {
    expect((await ask('POST', '/api/cameras/front/recording')).status).toBe(200);
    expect((await ask('POST', '/api/cameras/front/recording', { durationMs: 5 })).status).toBe(400);
  });

  test('events are listed and shown', async () => {
    api.fake.events.set('e1', fakeEvent('e1'));
    expect(await (await ask('GET', '/api/events?kind=motion&camera=front&limit=5')).json()).toMatchObject({
      events: [{ id: 'e1' }],
      next: null,
    });
    expect(await (await ask('GET', '/api/events/e1')).json()).toMatchObject({ kind: 'motion' });
    expect((await ask('GET', '/api/events/e1/picture.jpg')).headers.get('content-type')).toBe('image/jpeg');
    expect((await ask('GET', '/api/events?kind=ghosts')).status).toBe(400);
  });

  test('settings are changed by name and say what the environment fixes', async () => {
    const changed = await ask('PATCH', '/api/settings', { deviceName: 'Barn' });
    expect(await changed.json()).toMatchObject({ deviceName: 'Barn', fixedByEnvironment: ['network.hostName'] });
    expect(await (await ask('GET', '/api/settings')).json()).toMatchObject({ deviceName: 'Barn' });
  });

  test('a pin is given a use, tried, switched and given back, and one that is taken is refused with the reason', async () => {
    expect(await (await ask('GET', '/api/pins')).json()).toMatchObject({ chip: 'pinctrl-bcm2711', pins: [{ line: 17 }, { line: 18 }] });
    expect(await (await ask('PUT', '/api/pins/18', fakeSiren)).json()).toMatchObject({ line: 18, use: { name: 'Siren' } });
    expect(await (await ask('POST', '/api/pins/18/test')).json()).toMatchObject({ active: true });
    expect(await (await ask('PUT', '/api/pins/18/on', { on: false })).json()).toMatchObject({ active: false });
    expect((await ask('DELETE', '/api/pins/18')).status).toBe(204);
    const taken = await ask('PUT', '/api/pins/2', fakeSiren);
    expect(taken.status).toBe(409);
    expect(await taken.json()).toMatchObject({ error: { message: 'GPIO2 belongs to the bus.' } });
    expect((await ask('PUT', '/api/pins/28', fakeSiren)).status).toBe(400);
    expect((await ask('PUT', '/api/pins/17', { ...fakeSiren, pulseMs: 3_600_000 })).status).toBe(400);
  });

  test('the device lets itself be found', async () => {
    expect((await ask('POST', '/api/system/identify')).status).toBe(204);
  });

  test('the system and its measurements are told', async () => {
    expect(await (await ask('GET', '/api/system')).json()).toMatchObject({ localName: 'kerberos.local' });
    const metrics = await ask('GET', '/metrics');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metrics.text()).toContain('up 1');
  });
});
