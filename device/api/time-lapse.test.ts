import { beforeEach, describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';

const front = '/api/cameras/front/time-lapse';

describe('the time-lapse of a camera', () => {
  let api: ApiCaller;
  let cookie: string;
  beforeEach(async () => {
    api = createApiCaller();
    cookie = await api.claim();
  });

  const ask = (method: string, path: string) => api.ask(method, path, { cookie });

  test('is a list of days, and each a list of moments', async () => {
    expect(await (await ask('GET', front)).json()).toEqual({ reels: [{ day: '2026-01-05', sizeBytes: 4 }] });
    expect(await (await ask('GET', `${front}/2026-01-05`)).json()).toMatchObject({ pictures: ['2026-01-05T07:00:00.000Z'] });
    expect((await ask('GET', `${front}/2026-01-06`)).status).toBe(404);
    expect((await ask('GET', `${front}/yesterday`)).status).toBe(400);
    expect((await api.ask('GET', front)).status).toBe(401);
  });

  test('shows the picture of a moment', async () => {
    const response = await ask('GET', `${front}/2026-01-05/pictures/${encodeURIComponent('2026-01-05T07:00:00.000Z')}.jpg`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    for (const none of ['2026-01-05T07:00:01.000Z.jpg', 'newest.jpg', '2026-01-05T07:00:00.000Z'])
      expect((await ask('GET', `${front}/2026-01-05/pictures/${none}`)).status).toBe(404);
  });

  test('is saved as one film, and deleted by the day', async () => {
    const film = await ask('GET', `${front}/2026-01-05/film.mp4?download=1`);
    expect(film.headers.get('content-disposition')).toContain('front-2026-01-05-time-lapse.mp4');
    expect(film.headers.get('accept-ranges')).toBe('bytes');
    expect((await ask('DELETE', `${front}/2026-01-05`)).status).toBe(204);
    expect((await ask('GET', `${front}/2026-01-05/film.mp4`)).status).toBe(404);
  });
});
