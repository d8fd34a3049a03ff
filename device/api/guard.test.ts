import { describe, expect, test } from 'vitest';
import { createApiCaller, ownerLogin } from '#device/testing/api-caller.ts';
import { createFakePorts } from '#device/testing/fake-ports.ts';
import { doorPlanOf } from './door.ts';
import { openRoutes } from './guard.ts';

const guarded = (path: string) => path.startsWith('/api') || path.startsWith('/metrics');

/** Every route that a request can end at, with something for each parameter. */
function everyRoute(app: ReturnType<typeof createApiCaller>['app']): { method: string; path: string; template: string }[] {
  return app.routes
    .filter(({ method, path }) => method !== 'ALL' && guarded(path))
    .map(({ method, path }) => ({ method, template: path, path: path.replace(/:file\{[^/]*\}/, 'r1.mp4').replace(/:\w+/g, 'front') }));
}

const isOpen = (method: string, path: string) => openRoutes.some((route) => route.method === method && route.path === path);

describe('a stranger', { timeout: 30_000 }, () => {
  test('reaches nothing but claim, login and short health on a claimed device', async () => {
    const { app, ask, claim } = createApiCaller();
    await claim();
    const routes = everyRoute(app);
    expect(new Set(routes.map(({ method, template }) => `${method} ${template}`)).size).toBeGreaterThan(35);
    for (const { method, path } of routes) {
      const { status } = await ask(method, path, method === 'GET' ? {} : { json: {} });
      if (!isOpen(method, path)) expect(status, `${method} ${path}`).toBe(401);
    }
  });

  test('reaches nothing but claim, login and short health on a device that is nobody’s', async () => {
    const { app, ask } = createApiCaller();
    for (const { method, path } of everyRoute(app)) {
      const response = await ask(method, path, { ...(method === 'GET' ? {} : { json: {} }), bearer: 'kbe_guess' });
      if (isOpen(method, path)) continue;
      expect(response.status, `${method} ${path}`).toBe(403);
      expect(await response.json()).toMatchObject({ error: { kind: 'not-claimed' } });
    }
  });

  test('learns no more from health than its level, its version and whether it is claimed', async () => {
    const { ask, claim } = createApiCaller();
    expect(await (await ask('GET', '/api/health')).json()).toEqual({ status: 'ok', claimed: false, version: '0.0.0-test' });
    const cookie = await claim();
    expect(await (await ask('GET', '/api/health')).json()).toEqual({ status: 'ok', claimed: true, version: '0.0.0-test' });
    expect(await (await ask('GET', '/api/health', { cookie })).json()).toHaveProperty('checks');
  });

  test('does not get in with paths that only look like an open one', async () => {
    const { ask, claim } = createApiCaller();
    await claim();
    for (const path of [
      '/api/health/',
      '/api//health',
      '/api/health/../cameras',
      '/API/cameras',
      '/api/cameras%2f',
      '/api',
      '/api/',
      '/metrics/x',
    ]) {
      const response = await ask('GET', path);
      if (response.status === 200) expect(await response.json()).not.toHaveProperty('cameras');
      else expect([401, 404, 503], path).toContain(response.status);
    }
  });

  test('is slowed down, and one address does not slow down another', async () => {
    const { ask, claim } = createApiCaller();
    await claim();
    const ask600 = Array.from({ length: 600 }, () => ask('GET', '/api/cameras', { from: '10.0.0.9' }));
    expect(new Set((await Promise.all(ask600)).map(({ status }) => status))).toEqual(new Set([401]));
    const refused = await ask('GET', '/api/cameras', { from: '10.0.0.9' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect((await ask('GET', '/api/cameras', { from: '10.0.0.10' })).status).toBe(401);
  });

  test('does not get round that with the many addresses of an IPv6 network elsewhere', async () => {
    const { ask, claim } = createApiCaller();
    await claim();
    const ask600 = Array.from({ length: 600 }, (_, index) => ask('GET', '/api/cameras', { from: `2001:db8::${index.toString(16)}` }));
    expect(new Set((await Promise.all(ask600)).map(({ status }) => status))).toEqual(new Set([401]));
    expect((await ask('GET', '/api/cameras', { from: '2001:db8::ffff' })).status).toBe(429);
    expect((await ask('GET', '/api/cameras', { from: '2001:db8:0:1::1' })).status).toBe(401);
  });
});

describe('every route', { timeout: 30_000 }, () => {
  test('has a door that says who may pass', () => {
    const { app } = createApiCaller();
    for (const { method, template } of everyRoute(app)) {
      const handlers = app.routes.filter((route) => route.method === method && route.path === template).map(({ handler }) => handler);
      expect(handlers.filter((handler) => doorPlanOf(handler)).length, `${method} ${template}`).toBe(1);
    }
  });

  test('lets anyone in only where the guard does too', () => {
    const { app } = createApiCaller();
    const open = app.routes.filter(({ handler }) => doorPlanOf(handler)?.scope === 'anyone');
    expect(open.map(({ method, path }) => ({ method, path })).sort((a, b) => a.path.localeCompare(b.path))).toEqual(
      openRoutes.toSorted((a, b) => a.path.localeCompare(b.path)),
    );
  });

  test('lets in just the tokens whose scope it names', async () => {
    const { app, ask, claim, token } = createApiCaller();
    const cookie = await claim();
    const enough = {
      view: ['view', 'operate', 'admin'],
      operate: ['operate', 'admin'],
      admin: ['admin'],
      metrics: ['metrics', 'admin'],
    } as const;
    for (const scope of ['view', 'operate', 'admin', 'metrics'] as const) {
      const bearer = await token(cookie, scope);
      for (const { method, path, template } of everyRoute(app)) {
        if (template.includes('stream') || template.includes('mjpeg') || isOpen(method, path)) continue;
        if (method === 'DELETE' && path.startsWith('/api/session')) continue;
        const plan = app.routes
          .map((route) => (route.path === template && route.method === method ? doorPlanOf(route.handler) : undefined))
          .find(Boolean);
        if (!plan || plan.scope === 'anyone') throw new Error(`${method} ${template} has no scope`);
        const mayPass = enough[plan.scope].some((needed) => needed === scope);
        const response = await ask('HEAD' === method ? 'GET' : method, path, { bearer, ...(method === 'GET' ? {} : { json: {} }) });
        const body: unknown = response.status === 403 ? await response.json() : null;
        const refused = JSON.stringify(body)?.includes('needs the scope') ?? false;
        expect(refused, `${scope}: ${method} ${path}`).toBe(!mayPass);
      }
    }
  });
});

describe('the session cookie', () => {
  test('is out of reach of scripts and other sites, and only sent encrypted once the connection is', async () => {
    const { ask } = createApiCaller();
    const claimed = await ask('POST', '/api/claim', { json: ownerLogin });
    expect(claimed.status).toBe(201);
    expect(claimed.headers.get('set-cookie')).toMatch(/^kerberos_session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    const encrypted = await ask('POST', '/api/session', { json: ownerLogin, headers: { 'x-forwarded-proto': 'https' } });
    expect(encrypted.headers.get('set-cookie')).toMatch(/; Secure; SameSite=Strict$/);
  });
});

describe('another website', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:81' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
  ];

  test.for(foreign)('can change nothing with the cookie of a visitor: %o', async (headers) => {
    const { ask, claim, fake } = createApiCaller();
    const cookie = await claim();
    expect((await ask('DELETE', '/api/cameras/front', { cookie, headers })).status).toBe(403);
    expect((await ask('POST', '/api/session', { json: ownerLogin, headers })).status).toBe(403);
    expect((await ask('GET', '/api/cameras/front/live', { cookie, headers: { ...headers, upgrade: 'websocket' } })).status).toBe(403);
    expect(fake.cameras.size).toBe(1);
  });

  test('cannot claim a device for a visitor', async () => {
    const { ask, fake } = createApiCaller();
    expect((await ask('POST', '/api/claim', { json: ownerLogin, headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect(fake.deps.access.isClaimed()).toBe(false);
  });

  test('has nothing to do with the device’s own pages, tokens and programs without a browser', async () => {
    const { ask, claim, token } = createApiCaller();
    const cookie = await claim();
    const bearer = await token(cookie, 'admin');
    const own = { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' };
    expect((await ask('POST', '/api/cameras/front/restart', { cookie, headers: own })).status).toBe(200);
    expect((await ask('POST', '/api/cameras/front/restart', { cookie })).status).toBe(200);
    expect((await ask('POST', '/api/cameras/front/restart', { bearer, headers: { origin: 'https://my.dashboard' } })).status).toBe(200);
  });
});

describe('the name in the address', () => {
  const own = [
    '192.168.1.20:8080',
    '[fe80::1]:8080',
    'localhost',
    'kerberos',
    'kerberos.local:80',
    'kerberos-2.local',
    'cam.lan',
    'abc.balena-devices.com',
  ];

  test.for(own)('%s is ours', async (host) => {
    const { ask } = createApiCaller();
    expect((await ask('GET', `http://${host}/api/health`)).status).toBe(200);
  });

  test.for(['evil.example', '192.168.1.20.evil.example', 'local', 'notlocal.example', 'balena-devices.com.evil.example'])(
    '%s is refused unless it has one label or was allowed',
    async (host) => {
      const { ask } = createApiCaller();
      expect((await ask('GET', `http://${host}/api/health`)).status).toBe(host.includes('.') ? 403 : 200);
      const allowing = createApiCaller(createFakePorts({ allowedHosts: [host] }));
      expect((await allowing.ask('GET', `http://${host}/api/health`)).status).toBe(200);
    },
  );

  test('is checked for the portal’s files too', async () => {
    const { ask } = createApiCaller();
    expect((await ask('GET', 'http://evil.example/')).status).toBe(403);
  });

  test('that comes through a proxy cannot claim', async () => {
    const { ask } = createApiCaller();
    expect((await ask('POST', '/api/claim', { json: ownerLogin, headers: { 'x-forwarded-for': '192.168.1.3' } })).status).toBe(403);
    expect((await ask('POST', 'https://abc.balena-devices.com/api/claim', { json: ownerLogin })).status).toBe(403);
  });
});
