import { describe, expect, test } from 'vitest';
import { createApiCaller } from '#device/testing/api-caller.ts';

const removed = (cameraId: string) => ({ type: 'camera-removed', cameraId }) as const;

async function openStream() {
  const api = createApiCaller();
  const cookie = await api.claim();
  const response = await api.ask('GET', '/api/events/stream', { cookie });
  const reader = response.body?.getReader();
  if (!reader) throw new Error('the stream has no body');
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  return { ...api, cookie, response, reader, next };
}

describe('the stream of events', () => {
  test('greets at once, so that proxies and browsers know it is open', async () => {
    const { response, next } = await openStream();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await next()).toBe('retry: 2000\n: connected\n\n');
  });

  test('numbers each message and names it by its type', async () => {
    const { fake, next } = await openStream();
    await next();
    fake.stream.emit(removed('front'));
    fake.stream.emit(removed('back'));
    expect(await next()).toBe('id: 1\nevent: camera-removed\ndata: {"type":"camera-removed","cameraId":"front"}\n\n');
    expect(await next()).toMatch(/^id: 2\n/);
  });

  test('gives a sign of life when nothing happens', async () => {
    const { fake, next } = await openStream();
    await next();
    await fake.clock.advance(15_000);
    expect(await next()).toBe(': still here\n\n');
  });

  test('stops listening when the client goes', async () => {
    const { fake, reader, next } = await openStream();
    await next();
    expect(fake.stream.size).toBe(1);
    await reader.cancel();
    expect(fake.stream.size).toBe(0);
  });

  test('ends for who was logged out', async () => {
    const { fake, ask, cookie, next } = await openStream();
    await next();
    await ask('DELETE', '/api/session', { cookie });
    await fake.clock.advance(15_000);
    expect(await next()).toBeNull();
    expect(fake.stream.size).toBe(0);
  });

  test('cuts off a client that does not read, instead of keeping everything for it', async () => {
    const { fake, next } = await openStream();
    for (let count = 0; count < 20; count += 1) fake.stream.emit(removed('x'.repeat(50_000)));
    expect(fake.stream.size).toBe(0);
    let blocks = 0;
    while ((await next()) !== null) blocks += 1;
    expect(blocks).toBeLessThan(10);
  });

  test('is not begun by a HEAD request', async () => {
    const { fake, ask, cookie } = await openStream();
    await ask('HEAD', '/api/events/stream', { cookie });
    expect(fake.stream.size).toBe(1);
  });
});
