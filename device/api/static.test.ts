import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';
import { createFakePorts } from '#device/testing/fake-ports.ts';

describe('the portal', () => {
  let folder: string;
  let api: ApiCaller;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portal-'));
    const portal = join(folder, 'portal');
    await mkdir(join(portal, 'assets'), { recursive: true });
    await writeFile(join(portal, 'index.html'), '<title>portal</title>');
    await writeFile(join(portal, 'assets', 'main-1a2b.js'), 'plain');
    await writeFile(join(portal, 'assets', 'main-1a2b.js.br'), 'brotli');
    await writeFile(join(portal, 'assets', 'main-1a2b.js.gz'), 'gzip');
    await writeFile(join(portal, '.secret.json'), 'secret');
    await writeFile(join(folder, 'outside.json'), 'secret');
    await symlink(join(folder, 'outside.json'), join(portal, 'link.json'));
    api = createApiCaller(createFakePorts({ portalDirectory: portal }));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const get = (path: string, headers: Record<string, string> = {}) => api.ask('GET', path, { headers });

  test('is shown to anyone, at every address that is not the API', async () => {
    for (const path of ['/', '/cameras/front', '/no/such/file.txt', '/index.html']) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toBe('<title>portal</title>');
    }
  });

  test('keeps files with a hash in their name for ever', async () => {
    const response = await get('/assets/main-1a2b.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(await response.text()).toBe('plain');
  });

  test.for([
    ['gzip, deflate, br', 'br', 'brotli'],
    ['gzip', 'gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip', 'gzip'],
    ['identity', null, 'plain'],
  ] as const)('is sent packed to who accepts %s', async ([accepted, encoding, content]) => {
    const response = await get('/assets/main-1a2b.js', { 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(await response.text()).toBe(content);
  });

  test('is not sent again when nothing changed', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    expect((await get('/', { 'if-none-match': etag })).status).toBe(304);
  });

  test('does not pretend that a missing script is a page', async () => {
    expect((await get('/assets/gone-0000.js')).status).toBe(404);
  });

  test.for([
    '/../outside.json',
    '/..%2foutside.json',
    '/%2e%2e/outside.json',
    '/assets/..%2f..%2foutside.json',
    '/..%5coutside.json',
    '/link.json',
    '/.secret.json',
    '/assets/main-1a2b.js.br',
    '/index.html%00.js',
    '/%ff',
  ])('shows nothing but its own files: %s', async (path) => {
    expect(await (await get(path)).text()).not.toMatch(/secret|brotli/);
  });

  test('answers HEAD and nothing but reading', async () => {
    const head = await api.ask('HEAD', '/');
    expect(head.headers.get('content-length')).toBe('21');
    expect((await api.ask('POST', '/', { json: {} })).status).toBe(404);
  });

  test('that is not there is named as such', async () => {
    const response = await createApiCaller().ask('GET', '/');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { kind: 'unavailable' } });
  });
});
