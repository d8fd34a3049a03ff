import { beforeEach, describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';
import { fakeRecording } from '#device/testing/fake-things.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

describe('recordings', () => {
  let api: ApiCaller;
  let cookie: string;

  beforeEach(async () => {
    api = createApiCaller();
    cookie = await api.claim();
    for (const id of ['r1', 'r2.part']) api.fake.recordings.set(id, fakeRecording(id, bytes));
  });

  const get = (path: string, headers: Record<string, string> = {}) => api.ask('GET', path, { cookie, headers });

  test('are listed by camera, time in any zone, trigger and page', async () => {
    const query = new URLSearchParams({
      camera: 'front',
      from: '2026-01-05T09:00:00+01:00',
      to: '2026-01-05T12:00:00Z',
      limit: '1',
      order: 'oldest',
    });
    const response = await get(`/api/recordings?${query}&trigger=motion&protected=false`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ recordings: [{ id: 'r1' }], next: null });
  });

  test.for([
    'from=yesterday',
    'from=1767600000000',
    'from=2026-01-05T08:00:00',
    'limit=0',
    'limit=501',
    'limit=many',
    'trigger=ghost',
    'protected=maybe',
  ])('cannot be asked for with %s', async (query) => {
    const response = await get(`/api/recordings?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { kind: 'invalid-input', message: expect.stringContaining(query.split('=')[0] ?? '') },
    });
  });

  test('are told apart from their files, also when their name has a dot', async () => {
    expect(await (await get('/api/recordings/r1')).json()).toMatchObject({ id: 'r1' });
    expect(await (await get('/api/recordings/r2.part')).json()).toMatchObject({ id: 'r2.part' });
    const file = await get('/api/recordings/r2.part.mp4');
    expect(file.headers.get('content-type')).toBe('video/mp4');
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect((await get('/api/recordings/r3.mp4')).status).toBe(404);
    expect(await (await get('/api/recordings/days')).json()).toEqual({ days: ['2026-01-05'] });
  });

  test('give any range of their file', async () => {
    const part = await get('/api/recordings/r1.mp4', { range: 'bytes=100-199' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 100-199/1000');
    expect(part.headers.get('content-length')).toBe('100');
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200));
    const none = await get('/api/recordings/r1.mp4', { range: 'bytes=1000-' });
    expect(none.status).toBe(416);
    expect(none.headers.get('content-range')).toBe('bytes */1000');
  });

  test('are not sent twice, and not mixed with what they were before', async () => {
    const etag = (await get('/api/recordings/r1.mp4')).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await get('/api/recordings/r1.mp4', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/api/recordings/r1.mp4', { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get('/api/recordings/r1.mp4', { range: 'bytes=0-9', 'if-range': '"older"' })).status).toBe(200);
  });

  test('tell the size of their file without sending it', async () => {
    const head = await api.ask('HEAD', '/api/recordings/r1.mp4', { cookie });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe('1000');
    expect(head.headers.get('accept-ranges')).toBe('bytes');
    expect(head.body).toBeNull();
  });

  test('are saved by a browser only when asked to', async () => {
    expect((await get('/api/recordings/r1.mp4')).headers.get('content-disposition')).toBeNull();
    expect((await get('/api/recordings/r1.mp4?download')).headers.get('content-disposition')).toMatch(/^attachment; filename="r1.mp4"/);
  });

  test('can be protected, deleted, and deleted together', async () => {
    const protect = await api.ask('PATCH', '/api/recordings/r1', { cookie, json: { protected: true } });
    expect(await protect.json()).toMatchObject({ id: 'r1', protected: true });
    expect((await api.ask('DELETE', '/api/recordings/r1', { cookie })).status).toBe(204);
    const many = await api.ask('POST', '/api/recordings/delete', { cookie, json: { ids: ['r1', 'r2.part', 'r2.part'] } });
    expect(await many.json()).toMatchObject({ deleted: ['r2.part'], failed: [{ id: 'r1', error: { kind: 'not-found' } }] });
  });

  test('show a thumbnail', async () => {
    expect((await get('/api/recordings/r1/thumbnail.jpg')).headers.get('content-type')).toBe('image/jpeg');
  });
});
