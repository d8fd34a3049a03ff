import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { ownerLogin } from '#device/testing/api-caller.ts';
import { createFakePorts, type FakePorts } from '#device/testing/fake-ports.ts';
import { fakeRecording } from '#device/testing/fake-things.ts';
import { createApi } from './api.ts';
import { serveApi } from './serve.ts';

const removed = (cameraId: string) => ({ type: 'camera-removed', cameraId }) as const;

/** Fails after 5 s: whatever is awaited here happens at once or is broken. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn += 1) await pause(10);
  expect(condition()).toBe(true);
}

async function listening(fake: FakePorts, stop: AbortSignal, port = 0): Promise<{ port: number; served: Promise<void> }> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = { app: createApi(fake.deps), deps: fake.deps, host: '127.0.0.1', port, logger: silentLogger };
  const served = serveApi({ ...options, onListening: (taken) => resolve(taken.port) }, stop);
  served.catch(reject);
  return { port: await promise, served };
}

describe('the served API', { timeout: 30_000 }, () => {
  let fake: FakePorts;
  let stop: AbortController;
  let served: Promise<void>;
  let port: number;
  let base: string;
  let cookie: string;

  beforeEach(async () => {
    fake = createFakePorts({ clock: systemClock });
    stop = new AbortController();
    ({ port, served } = await listening(fake, stop.signal));
    base = `http://127.0.0.1:${port}`;
    const claimed = await fetch(`${base}/api/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ownerLogin),
    });
    cookie = claimed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  });

  afterEach(async () => {
    stop.abort();
    await served;
  });

  const get = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(base + path, { headers: { cookie, ...headers }, ...(signal ? { signal } : {}) });

  const watch = (headers: Record<string, string>) => new WebSocket(`ws://127.0.0.1:${port}/api/cameras/front/live`, { headers });

  test('sends the range of a file that was asked for, and HEAD without a body', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 253);
    fake.recordings.set('r1', fakeRecording('r1', bytes));
    const part = await get('/api/recordings/r1.mp4', { range: 'bytes=1000-250000' });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(1000, 250_001));
    const head = await fetch(`${base}/api/recordings/r1.mp4`, { method: 'HEAD', headers: { cookie } });
    expect(head.headers.get('content-length')).toBe('300000');
  });

  test('takes a request of undeclared length, with a body or without, up to the limit', async () => {
    const send = async (method: string, path: string, chunks: string[]): Promise<number> => {
      const headers = { cookie, origin: base, 'content-type': 'application/json' };
      const asked = request(base + path, { method, headers });
      for (const chunk of chunks) asked.write(chunk);
      asked.end();
      const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
      answer.resume();
      return answer.statusCode;
    };
    fake.recordings.set('r1', fakeRecording('r1', new Uint8Array(10)));
    expect(await send('DELETE', '/api/recordings/r1', [])).toBe(204);
    expect((await fetch(`${base}/api/recordings/r1`, { method: 'DELETE', headers: { cookie, origin: base } })).status).toBe(404);
    expect(await send('PATCH', '/api/settings', ['{"deviceName":', '"The barn"}'])).toBe(200);
    expect(
      await send(
        'PATCH',
        '/api/settings',
        Array.from({ length: 20 }, () => ' '.repeat(100_000)),
      ),
    ).toBe(400);
  });

  test('shows a camera live to a page of the device, text as text and bytes as bytes', async () => {
    const socket = watch({ cookie, origin: base });
    const messages: [string, boolean][] = [];
    socket.on('message', (data, isBinary) => messages.push([data.toString(), isBinary]));
    await once(socket, 'open');
    await until(() => fake.viewers.size === 1);
    for (const viewer of fake.viewers) {
      viewer.send('{"type":"skipped"}');
      viewer.send(Uint8Array.of(65, 66));
    }
    await until(() => messages.length === 2);
    expect(messages).toEqual([
      ['{"type":"skipped"}', false],
      ['AB', true],
    ]);
    socket.close();
    await until(() => fake.viewers.size === 0);
  });

  test.for([{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[])(
    'shows nothing to a page of another site: %o',
    async (headers) => {
      const socket = watch({ cookie, ...headers });
      const [, response] = await once(socket, 'unexpected-response');
      expect(response.statusCode).toBe(403);
      expect(fake.viewers.size).toBe(0);
    },
  );

  test('shows nothing to a stranger and nothing of a camera that is not there', async () => {
    const [, unknown] = await once(watch({}), 'unexpected-response');
    expect(unknown.statusCode).toBe(401);
    const [, missing] = await once(
      new WebSocket(`ws://127.0.0.1:${port}/api/cameras/back/live`, { headers: { cookie } }),
      'unexpected-response',
    );
    expect(missing.statusCode).toBe(404);
  });

  test('knows how far behind a viewer is that does not read', async () => {
    const socket = watch({ cookie });
    await once(socket, 'open');
    await until(() => fake.viewers.size === 1);
    socket.pause();
    const [viewer] = fake.viewers;
    for (let count = 0; count < 64; count += 1) viewer?.send(new Uint8Array(256 * 1024));
    expect(viewer?.bufferedBytes()).toBeGreaterThan(1024 * 1024);
    for (let count = 0; count < 64; count += 1) viewer?.send(new Uint8Array(256 * 1024));
    await until(() => fake.viewers.size === 0);
    socket.terminate();
  });

  test('cuts off a viewer that says too much', async () => {
    const socket = watch({ cookie });
    await once(socket, 'open');
    socket.send('x'.repeat(2_000));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    await until(() => fake.viewers.size === 0);
  });

  test('streams events as they happen and stops when the client goes', async () => {
    const leave = new AbortController();
    const response = await get('/api/events/stream', {}, leave.signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('retry: 2000');
    fake.stream.emit(removed('front'));
    expect((await reader?.read())?.value).toContain('"cameraId":"front"');
    leave.abort();
    await until(() => fake.stream.size === 0);
  });

  test('keeps little for a client that opens the event stream and never reads', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /api/events/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`);
    socket.pause();
    await until(() => fake.stream.size === 1);
    for (let count = 0; count < 2_000 && fake.stream.size === 1; count += 1) {
      fake.stream.emit(removed('x'.repeat(50_000)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(fake.stream.size).toBe(0);
    socket.destroy();
  });

  test('stops making MJPEG when the viewer goes', async () => {
    const leave = new AbortController();
    const response = await get('/api/cameras/front/live.mjpeg', {}, leave.signal);
    await response.body?.getReader().read();
    expect(fake.mjpegReaders.size).toBe(1);
    leave.abort();
    await until(() => [...fake.mjpegReaders].every((signal) => signal.aborted));
  });

  test('tells the probe when the person who asked has gone', async () => {
    let gone = false;
    const { probe } = fake.deps.cameras;
    fake.deps.cameras.probe = (source, signal) => {
      signal.addEventListener('abort', () => {
        gone = true;
      });
      return probe(source, signal);
    };
    const leave = new AbortController();
    const asked = fetch(`${base}/api/cameras/probe`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'rtsp', url: 'rtsp://10.0.0.5/silent' }),
      signal: leave.signal,
    });
    await pause(200);
    leave.abort();
    await expect(asked).rejects.toThrow();
    await until(() => gone);
  });

  test('believes the Host header and no address in a header', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path: '/api/health', headers: { host: 'evil.example' } }, (response) =>
        resolve(response.statusCode),
      );
      sent.on('error', reject).end();
    });
    expect(status).toBe(403);
  });

  test('answers an upgrade to anything but a WebSocket as if it had not been asked', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /api/health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
    const [data] = await once(socket, 'data');
    expect(String(data)).toMatch(/^HTTP\/1.1 200 OK/);
    socket.destroy();
  });

  test('stops within seconds whoever is still watching, listening or idle', async () => {
    const socket = watch({ cookie });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    const stream = await get('/api/events/stream');
    const pictures = await get('/api/cameras/front/live.mjpeg');
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const begin = performance.now();
    stop.abort();
    await served;
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect((await closed)[0]).toBe(1001);
    await Promise.allSettled([stream.text(), pictures.bytes()]);
    await until(() => fake.viewers.size === 0 && fake.stream.size === 0);
    idle.destroy();
  });

  test('answers itself and others while one address opens every connection it can and says nothing', async () => {
    const idle = Array.from({ length: 1_000 }, () => connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }));
    for (const socket of idle) socket.on('error', () => undefined);
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    for (const localAddress of ['127.0.0.1', '127.0.0.3']) {
      const asked = request({ port, host: '127.0.0.1', localAddress, agent: false, path: '/api/health' }).end();
      const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
      answer.resume();
      expect(answer.statusCode).toBe(200);
    }
    for (const socket of idle) socket.destroy();
  });

  test('says in plain words that its port is taken', async () => {
    await expect(listening(createFakePorts({ clock: systemClock }), stop.signal, port)).rejects.toMatchObject({
      kind: 'conflict',
      message: `Port ${port} is already used by another program.`,
    });
  });
});
