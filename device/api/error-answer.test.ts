import { describe, expect, test } from 'vitest';
import { limits } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { createApiCaller } from '#device/testing/api-caller.ts';
import { createFakePorts } from '#device/testing/fake-ports.ts';

async function claimed() {
  const api = createApiCaller();
  return { ...api, cookie: await api.claim() };
}

describe('a request that fails', () => {
  test('inside the device tells nothing of the inside, but the log has the cause', async () => {
    const fake = createFakePorts();
    const cause = new TypeError('cannot read secret-path of undefined');
    fake.deps.system.describe = async () => Promise.reject(cause);
    const { ask, claim } = createApiCaller(fake);
    const response = await ask('GET', '/api/system', { cookie: await claim() });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toMatch(/secret-path|TypeError|at /);
    expect(JSON.parse(text)).toMatchObject({ error: { kind: 'internal' } });
    expect(fake.errors).toEqual([{ err: cause }]);
  });

  test('because of too many attempts tells a program to wait as long as it tells a person', async () => {
    const fake = createFakePorts();
    fake.deps.access.login = async () => {
      throw new Failure('rate-limited', 'Too many attempts.', { action: 'Wait 12 minutes, then try again.', retryAfterSeconds: 720 });
    };
    const { ask, claim } = createApiCaller(fake);
    await claim();
    const response = await ask('POST', '/api/session', { json: { username: 'owner', password: 'wrong-password' } });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('720');
  });

  test('at an unknown address is answered in JSON under /api, for every method', async () => {
    const { ask, cookie } = await claimed();
    for (const method of ['GET', 'POST', 'DELETE']) {
      const response = await ask(method, '/api/nothing/here', { cookie });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { kind: 'not-found' } });
    }
  });

  test('because its body is not JSON, or not what was asked for, says so', async () => {
    const { app, ask, cookie } = await claimed();
    const broken = await app.request('/api/settings', {
      method: 'PATCH',
      headers: { cookie, 'content-type': 'application/json' },
      body: '{"x":',
    });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ error: { kind: 'invalid-input' } });
    const wrong = await ask('POST', '/api/cameras', { cookie, json: { name: '', source: { kind: 'ghost' } } });
    expect(await wrong.json()).toMatchObject({ error: { kind: 'invalid-input', message: expect.stringMatching(/name: .*source/s) } });
  });

  test('because its body is not marked as JSON says so, also where nothing is a change too', async () => {
    const { app, cookie } = await claimed();
    const types = ['application/x-www-form-urlencoded', 'text/plain'];
    for (const type of types) {
      const request = { method: 'PATCH', headers: { cookie, 'content-type': type }, body: '{"deviceName":"Barn"}' };
      const answer = await app.request('/api/settings', request);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { action: expect.stringContaining('application/json') } });
    }
    const nothing = await app.request('/api/cameras/front/recording', { method: 'POST', headers: { cookie } });
    expect(nothing.status).not.toBe(400);
  });

  test('because its body is larger than 1 MiB is refused, whether or not it says how large it is', async () => {
    const { app, ask, cookie } = await claimed();
    const large = 'x'.repeat(1024 * 1024);
    expect((await ask('PATCH', '/api/settings', { cookie, json: { deviceName: large } })).status).toBe(400);
    const streamed = await app.request('/api/settings', {
      method: 'PATCH',
      headers: { cookie, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      body: `"${large}"`,
    });
    expect(await streamed.json()).toMatchObject({ error: { message: expect.stringContaining('too large') } });
  });

  test.for([{ 'content-length': '65536' }, { 'transfer-encoding': 'chunked' }] as Record<string, string>[])(
    'because a stranger sends more than a login has is refused before its end: %o',
    async (length) => {
      const { app } = await claimed();
      const body = new ReadableStream({ start: (sent) => sent.enqueue(new Uint8Array(60_000)) });
      const headers = { 'content-type': 'application/json', ...length };
      const answer = await app.request('/api/session', { method: 'POST', headers, body, duplex: 'half' });
      expect(await answer.json()).toMatchObject({ error: { kind: 'invalid-input', message: expect.stringContaining('at most 4 KiB') } });
    },
  );

  test('because its body is not a login, though the longest there is fits in what a stranger may send', async () => {
    const { ask } = await claimed();
    const longest = { username: '\u0001'.repeat(limits.usernameMaxLength), password: '\u0001'.repeat(limits.passwordMaxLength) };
    expect(await (await ask('POST', '/api/session', { json: longest })).json()).toMatchObject({ error: { kind: 'wrong-login' } });
  });

  test('because it takes too long is told after a minute', async () => {
    const fake = createFakePorts();
    fake.deps.system.describe = () => new Promise(() => {});
    const { ask, claim } = createApiCaller(fake);
    const answer = claim().then((cookie) => ask('GET', '/api/system', { cookie }));
    for (let turn = 0; turn < 10; turn += 1) await fake.clock.advance(7_000);
    expect((await answer).status).toBe(504);
  });

  test('carries the security headers all the same', async () => {
    const { ask } = await claimed();
    const response = await ask('GET', '/api/cameras');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'self'; media-src 'self' blob:; .*frame-ancestors 'none'/,
    );
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});
