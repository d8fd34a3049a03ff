import { beforeEach, describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';
import { fakeRecording } from '#device/testing/fake-things.ts';

const day = 'from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z';

describe('the pictures of a camera', () => {
  let api: ApiCaller;
  let cookie: string;

  beforeEach(async () => {
    api = createApiCaller();
    cookie = await api.claim();
    api.fake.recordings.set('r1', fakeRecording('r1'));
  });

  const get = (path: string) => api.ask('GET', path, { cookie });

  test('a snapshot says how old it is and is never kept', async () => {
    const response = await get('/api/cameras/front/snapshot.jpg');
    expect(response.headers.get('x-picture-age-ms')).toBe('123');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await get('/api/cameras/back/snapshot.jpg')).status).toBe(404);
  });

  test('a still picture is never kept, and is for those who may operate the camera', async () => {
    const response = await get('/api/cameras/front/still.jpg');
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await get('/api/cameras/back/still.jpg')).status).toBe(404);
    expect((await api.ask('GET', '/api/cameras/front/still.jpg')).status).toBe(401);
  });

  test('MJPEG gives each picture its age, and its making ends when nobody reads', async () => {
    const response = await get('/api/cameras/front/live.mjpeg');
    expect(response.headers.get('content-type')).toBe('multipart/x-mixed-replace; boundary=kerberos-picture');
    const reader = response.body?.getReader();
    const first = new TextDecoder('latin1').decode((await reader?.read())?.value);
    expect(first).toContain('--kerberos-picture\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\nX-Picture-Age-Ms: 123\r\n\r\n');
    expect([...api.fake.mjpegReaders].filter((signal) => !signal.aborted)).toHaveLength(1);
    await reader?.cancel();
    expect(api.fake.mjpegReaders.size).toBe(0);
  });

  test('MJPEG ends when the viewer is logged out', async () => {
    const reader = (await get('/api/cameras/front/live.mjpeg')).body?.getReader();
    await reader?.read();
    await api.ask('DELETE', '/api/session', { cookie });
    await api.fake.clock.advance(15_000);
    let last = await reader?.read();
    for (let turn = 0; turn < 5 && last?.done !== true; turn += 1) last = await reader?.read();
    expect(last?.done).toBe(true);
  });

  test('the live view is a WebSocket and says so to others', async () => {
    const response = await get('/api/cameras/front/live');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { kind: 'invalid-input', message: expect.stringContaining('WebSocket') } });
  });

  test('a playlist points at the recordings themselves', async () => {
    const response = await get(`/api/cameras/front/playlist.m3u8?${day}`);
    expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect(await response.text()).toBe('#EXTM3U\n/api/recordings/r1.mp4');
  });

  test('an export is one file with ranges', async () => {
    const whole = await get(`/api/cameras/front/export.mp4?${day}&download`);
    expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''%C3%9Cberblick%20vorn.mp4");
    const part = await api.ask('GET', `/api/cameras/front/export.mp4?${day}`, { cookie, headers: { range: 'bytes=-10' } });
    expect(part.headers.get('content-range')).toBe('bytes 990-999/1000');
    const head = await api.ask('HEAD', `/api/cameras/front/export.mp4?${day}`, { cookie });
    expect(head.headers.get('content-length')).toBe('1000');
  });

  test.for([
    '',
    'from=2026-01-05T00:00:00Z',
    'from=2026-01-06T00:00:00Z&to=2026-01-05T00:00:00Z',
    'from=2026-01-05T00:00:00Z&to=2026-02-05T00:00:00Z',
  ])('nothing is exported for the span "%s"', async (span) => {
    expect((await get(`/api/cameras/front/export.mp4?${span}`)).status).toBe(400);
  });

  test('coverage is told for a timeline', async () => {
    expect(await (await get(`/api/cameras/front/coverage?${day}`)).json()).toMatchObject({
      spans: [{ recordingId: 'r1', trigger: 'motion' }],
    });
  });
});
