import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { type FakeSupervisor, fakeSupervisor, supervisorKey } from '#device/testing/fake-supervisor.ts';
import { serveLoopback } from '#device/testing/loopback-server.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { createSupervisor } from './supervisor.ts';
import { type ReleaseStory, Updates } from './updates.ts';

let host: FakeSupervisor;
let clock: SimulatedClock;

beforeEach(async () => {
  host = await fakeSupervisor();
  clock = new SimulatedClock();
});

afterEach(() => host.close());

function supervisor(address = host.url) {
  return createSupervisor({ address, apiKey: supervisorKey, appId: 12 }, clock);
}

function quietStory(): ReleaseStory & { named: string[] } {
  const named: string[] = [];
  return {
    named,
    lastUpdate: () => null,
    refusedVersion: () => null,
    tryAgain: async () => {},
    identified: async (commit) => void named.push(commit),
  };
}

describe('the system below', () => {
  test('tells its state, without the name of a release while one is being changed', async () => {
    expect(await supervisor().state()).toMatchObject({ commit: 'c0ffee', progressPercent: null, operatingSystem: 'balenaOS 6.4.0' });
    host.device = { ...host.device, update_pending: true, download_progress: 42.6 };
    expect(await supervisor().state()).toMatchObject({ commit: null, progressPercent: 43, isPending: true });
  });

  test('is told what to do, never by force', async () => {
    const { reboot, shutdown, restart, blink, lookForUpdate } = supervisor();
    for (const command of [reboot, shutdown, restart, blink, lookForUpdate]) await command();
    expect(host.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/v1/reboot', { force: false }],
      ['POST', '/v1/shutdown', { force: false }],
      ['POST', '/v1/restart', { appId: 12, force: false }],
      ['POST', '/v1/blink', {}],
      ['POST', '/v1/update', { force: false }],
    ]);
  });

  test('says that something must be finished first when the lock is taken', async () => {
    host.isLocked = true;
    await expect(supervisor().reboot()).rejects.toMatchObject({ kind: 'conflict', action: 'Try again in half a minute.' });
  });

  test.each([
    ['refuses the key', (status: number) => ({ status, body: '' }), 401],
    ['answers nonsense', () => ({ status: 200, body: '<html>' }), 0],
    ['answers without end', () => ({ status: 200, body: 'x'.repeat(400_000) }), 0],
    ['is broken', () => ({ status: 500, body: '{"status":"failed"}' }), 0],
  ])('that %s is a Failure in plain words, without the key', async (_what, answer, status) => {
    const odd = await serveLoopback((_asked, response) => {
      const { status: code, body } = answer(status);
      response.writeHead(code).end(body);
    });
    const failure = await supervisor(odd.url)
      .state()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'unavailable' });
    expect(JSON.stringify(failure)).not.toContain(supervisorKey);
    await odd.close();
  });

  test('that hangs is given up after five seconds', async () => {
    const deaf = await serveLoopback(() => {});
    const asked = supervisor(deaf.url)
      .state()
      .catch((error: unknown) => error);
    while (deaf.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5_000);
    expect(await asked).toMatchObject({ kind: 'timeout' });
    await deaf.close();
  });
});

describe('updates', () => {
  const options = () => ({ clock, logger: silentLogger, version: '1.0.0' });

  test('are followed: downloading, applying, current; the host is not asked more often than needed', async () => {
    const story = quietStory();
    const updates = new Updates({ ...options(), supervisor: supervisor(), story });
    expect(await updates.status()).toMatchObject({ state: 'current', version: '1.0.0', release: 'c0ffee', canCommand: true });
    await updates.status();
    expect(host.asked).toHaveLength(1);
    expect(story.named).toEqual(['c0ffee']);
    host.device = { ...host.device, update_pending: true, download_progress: 43 };
    await clock.advance(2_000);
    expect(await updates.status()).toMatchObject({ state: 'downloading', progressPercent: 43, release: 'c0ffee' });
    host.device = { ...host.device, download_progress: null, update_downloaded: true };
    await clock.advance(2_000);
    expect(await updates.status()).toMatchObject({ state: 'applying', progressPercent: null });
    expect(updates.isUpdateWaiting).toBe(true);
  });

  test('of a host that does not answer are unknown, which is a note and no failure', async () => {
    const updates = new Updates({ ...options(), supervisor: supervisor('http://127.0.0.1:9'), story: quietStory() });
    expect(await updates.status()).toMatchObject({ state: 'unknown', release: null });
    expect(updates.checks()).toMatchObject([{ level: 'note', message: 'The system below does not answer.' }]);
  });

  test('come as a package where nothing else brings them', async () => {
    const updates = new Updates({ ...options(), supervisor: null, story: quietStory() });
    expect(await updates.status()).toMatchObject({ state: 'package', canCommand: false });
    expect(updates.checks()).toMatchObject([{ level: 'ok' }]);
    await expect(updates.reboot()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
