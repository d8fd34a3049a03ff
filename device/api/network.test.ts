import { beforeEach, describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '#device/testing/api-caller.ts';

describe('the network over the API', () => {
  let api: ApiCaller;
  let cookie: string;
  beforeEach(async () => {
    api = createApiCaller();
    cookie = await api.claim();
  });
  const ask = (method: string, path: string, json?: unknown) => api.ask(method, path, { cookie, ...(json === undefined ? {} : { json }) });

  test('is told, and what is in reach, and who else is there', async () => {
    expect(await (await ask('GET', '/api/network')).json()).toMatchObject({ known: ['Home'], problem: null });
    expect(await (await ask('GET', '/api/network/peers')).json()).toMatchObject({ peers: [{ name: 'Barn', own: false }] });
    expect(await (await ask('POST', '/api/network/scan')).json()).toMatchObject({ networks: [{ ssid: 'Home' }] });
  });

  test('a network is joined, and its passphrase never comes back', async () => {
    const begun = await ask('POST', '/api/network/join', { ssid: 'Barn', passphrase: 'bales of hay' });
    expect(begun.status).toBe(202);
    expect(await begun.text()).not.toContain('bales');
    expect(api.fake.network.joined).toEqual(['Barn']);
  });

  test('a known network is forgotten, another is not found', async () => {
    expect((await ask('POST', '/api/network/forget', { ssid: 'Home' })).status).toBe(204);
    expect((await ask('POST', '/api/network/forget', { ssid: 'Elsewhere' })).status).toBe(404);
  });

  test.each([
    ['no name', { ssid: '' }],
    ['a name longer than one can be', { ssid: 'é'.repeat(17) }],
    ['a passphrase that is too short', { ssid: 'Barn', passphrase: '1234567' }],
    ['a passphrase that is too long', { ssid: 'Barn', passphrase: 'x'.repeat(64) }],
    ['a passphrase with a line break', { ssid: 'Barn', passphrase: 'bales\nof hay' }],
  ])('%s is refused without repeating it', async (_what, wish) => {
    const refused = await ask('POST', '/api/network/join', wish);
    expect(refused.status).toBe(400);
    expect(await refused.text()).not.toContain('1234567');
    expect(api.fake.network.joined).toEqual([]);
  });

  test('who may only watch sees how it is connected, but neither the neighbours nor a way to change it', async () => {
    const bearer = await api.token(cookie, 'operate');
    expect((await api.ask('GET', '/api/network', { bearer })).status).toBe(200);
    for (const path of ['scan', 'join', 'forget']) {
      const json = path === 'scan' ? {} : { ssid: 'Home' };
      expect((await api.ask('POST', `/api/network/${path}`, { bearer, json })).status).toBe(403);
    }
  });
});

describe('while the device has an access point of its own', () => {
  const guest = '10.42.0.77';
  let api: ApiCaller;
  beforeEach(() => {
    api = createApiCaller();
    api.fake.network.setupAddress = '10.42.0.1';
  });
  const probes = [
    'http://connectivitycheck.gstatic.com/generate_204',
    'http://clients3.google.com/gen_204',
    'http://captive.apple.com/hotspot-detect.html',
    'http://www.apple.com/library/test/success.html',
    'http://www.msftconnecttest.com/connecttest.txt',
    'http://www.msftconnecttest.com/redirect',
    'http://www.msftncsi.com/ncsi.txt',
    'http://detectportal.firefox.com/canonical.html',
  ];

  test.each(probes)('%s leads to the portal', async (probe) => {
    const answer = await api.ask('GET', probe, { from: `::ffff:${guest}` });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('http://10.42.0.1/system');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(api.fake.network.visits).toBe(0);
  });

  test('who is on another network is not led anywhere', async () => {
    const answer = await api.ask('GET', 'http://captive.apple.com/hotspot-detect.html', { from: '192.168.1.5' });
    expect(answer.status).toBe(403);
  });

  test('nobody is led anywhere once it is closed', async () => {
    api.fake.network.setupAddress = null;
    expect((await api.ask('GET', probes[0] ?? '', { from: guest })).status).toBe(403);
  });

  test('a guest claims the device, and counts as somebody who is at work', async () => {
    const claim = { username: 'owner', password: 'a wall has ears' };
    const answer = await api.ask('POST', 'http://10.42.0.1/api/claim', { json: claim, from: guest });
    expect(answer.status).toBe(201);
    expect(api.fake.network.visits).toBe(1);
  });

  test('what a page asks by itself is no sign of a person', async () => {
    await api.ask('GET', 'http://10.42.0.1/api/health', { from: guest });
    expect(api.fake.network.visits).toBe(0);
  });

  test('another site cannot change anything through the redirect', async () => {
    const answer = await api.ask('POST', 'http://evil.example/api/network/join', { json: { ssid: 'Evil' }, from: guest });
    expect(answer.status).toBe(403);
    expect(api.fake.network.joined).toEqual([]);
  });
});
