import { beforeEach, describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';

let api: ApiCaller;
let cookie: string;

beforeEach(async () => {
  api = createApiCaller();
  cookie = await api.claim();
});

const ask = (method: string, path: string, json?: unknown) => api.ask(method, path, { cookie, ...(json === undefined ? {} : { json }) });

describe('cameras that are there', () => {
  test('are listed, asked for in the network, and seen', async () => {
    expect(await (await ask('GET', '/api/discovery')).json()).toMatchObject({ cameras: [{ id: 'usb-1' }], networkAskedMsAgo: null });
    expect(await (await ask('POST', '/api/discovery')).json()).toMatchObject({ networkAskedMsAgo: 0 });
    const picture = await ask('GET', '/api/discovery/usb-1/snapshot.jpg');
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect((await ask('GET', '/api/discovery/usb-2/snapshot.jpg')).status).toBe(404);
  });

  test('tell their streams to who has their login', async () => {
    const login = { url: 'http://192.168.1.20/onvif/device_service', username: 'admin', password: 'secret word' };
    const answer = await ask('POST', '/api/discovery/onvif', login);
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain(login.password);
    expect((await ask('POST', '/api/discovery/onvif', { url: login.url })).status).toBe(400);
  });

  test('are the business of who manages cameras', async () => {
    const bearer = await api.token(cookie, 'operate');
    for (const [method, path] of [
      ['GET', '/api/discovery'],
      ['POST', '/api/discovery'],
      ['GET', '/api/discovery/usb-1/snapshot.jpg'],
      ['GET', '/api/cameras/front/controls'],
    ] as const) {
      expect((await api.ask(method, path, { bearer })).status, path).toBe(403);
    }
  });
});

describe('what a camera has of its own', () => {
  test('is listed and set', async () => {
    const set = await ask('PATCH', '/api/cameras/front/controls', { id: 'brightness', value: 20 });
    expect(await set.json()).toMatchObject({ controls: [{ id: 'brightness', value: 20 }] });
    expect((await ask('PATCH', '/api/cameras/front/controls', { id: '--device=/dev/sda', value: 1 })).status).toBe(400);
    expect((await ask('PATCH', '/api/cameras/front/controls', { id: 'brightness', value: 1.5 })).status).toBe(400);
  });

  test('turns it for a moment, and to places that it remembers', async () => {
    expect(await (await ask('GET', '/api/cameras/front/ptz')).json()).toMatchObject({ canMove: true, presets: [{ name: 'Door' }] });
    expect((await ask('POST', '/api/cameras/front/ptz/move', { pan: -1 })).status).toBe(204);
    for (const wrong of [{ pan: 2 }, { durationMs: 60_000 }])
      expect((await ask('POST', '/api/cameras/front/ptz/move', wrong)).status).toBe(400);
    expect((await ask('POST', '/api/cameras/front/ptz/go', { id: '1' })).status).toBe(204);
    expect((await ask('POST', '/api/cameras/front/ptz/presets', { name: 'Gate' })).status).toBe(201);
    expect(await (await ask('DELETE', '/api/cameras/front/ptz/presets/2')).json()).toMatchObject({ presets: [{ id: '1' }] });
  });

  test('switches what is wired to its outputs, also for a moment', async () => {
    const relays = '/api/cameras/front/relays';
    expect(await (await ask('GET', relays)).json()).toEqual({ relays: [{ id: 'gate', mode: 'switch', pulseMs: null, on: null }] });
    expect(await (await ask('PUT', `${relays}/gate/on`, { on: true })).json()).toMatchObject({ on: true });
    expect(await (await ask('POST', `${relays}/gate/pulse`, {})).json()).toMatchObject({ on: false });
    expect((await ask('POST', `${relays}/gate/pulse`, { durationMs: 60_000 })).status).toBe(400);
    expect((await ask('PUT', `${relays}/siren/on`, { on: true })).status).toBe(404);
    const [viewer, operator] = [await api.token(cookie, 'view'), await api.token(cookie, 'operate')];
    expect((await api.ask('GET', relays, { bearer: viewer })).status).toBe(200);
    expect((await api.ask('PUT', `${relays}/gate/on`, { bearer: viewer, json: { on: false } })).status).toBe(403);
    expect((await api.ask('PUT', `${relays}/gate/on`, { bearer: operator, json: { on: false } })).status).toBe(200);
  });

  test('is turned by who may operate, and looked at by who may view', async () => {
    const [viewer, operator] = [await api.token(cookie, 'view'), await api.token(cookie, 'operate')];
    expect((await api.ask('GET', '/api/cameras/front/ptz', { bearer: viewer })).status).toBe(200);
    expect((await api.ask('POST', '/api/cameras/front/ptz/move', { bearer: viewer, json: { pan: 1 } })).status).toBe(403);
    expect((await api.ask('POST', '/api/cameras/front/ptz/move', { bearer: operator, json: { pan: 1 } })).status).toBe(204);
  });
});
