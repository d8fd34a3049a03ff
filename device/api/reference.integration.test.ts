import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { ownerLogin } from '#device/testing/api-caller.ts';
import { createFakePorts } from '#device/testing/fake-ports.ts';
import { createApi } from './api.ts';
import { serveApi } from './serve.ts';

test('the reference page shows every operation in a browser, offline and under the policy', { timeout: 60_000 }, async () => {
  const fake = createFakePorts({ clock: systemClock });
  const stop = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  const served = serveApi(
    {
      app: createApi(fake.deps),
      deps: fake.deps,
      host: '127.0.0.1',
      port: 0,
      logger: silentLogger,
      onListening: ({ port }) => resolve(port),
    },
    stop.signal,
  );
  const base = `http://127.0.0.1:${await listening}`;
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => /^https?:/.test(request.url()) && !request.url().startsWith(base) && elsewhere.push(request.url()));
    expect((await page.request.post(`${base}/api/claim`, { data: ownerLogin })).status()).toBe(201);
    await page.goto(`${base}/api/reference`);
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(35);
    await page.getByText('Prometheus').first().waitFor();
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  } finally {
    await browser.close();
    stop.abort();
    await served;
  }
});
