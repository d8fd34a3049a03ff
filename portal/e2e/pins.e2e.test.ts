import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '#device/api/api.ts';
import { serveApi } from '#device/api/serve.ts';
import { ownerLogin } from '#device/testing/api-caller.ts';
import { createFakePorts, type FakePorts } from '#device/testing/fake-ports.ts';
import { narrow, openBrowser, violationsOn, visit } from './browser.ts';

const screenshots = join(import.meta.dirname, 'screenshots');
const portalDirectory = join(import.meta.dirname, '../../build/portal');

/** The API and the portal are real; the pins behind them are a fake, because the machine of the tests has none. */
describe('somebody who wires a siren', () => {
  const stop = new AbortController();
  let fake: FakePorts;
  let serving: Promise<void>;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    fake = createFakePorts({ portalDirectory });
    const listening = Promise.withResolvers<number>();
    const { deps } = fake;
    const onListening = ({ port }: { port: number }) => listening.resolve(port);
    serving = serveApi({ app: createApi(deps), deps, host: '127.0.0.1', port: 0, logger: deps.logger, onListening }, stop.signal);
    const url = `http://127.0.0.1:${await listening.promise}`;
    browser = await openBrowser();
    let context: Awaited<ReturnType<typeof visit>>['context'];
    ({ context, page, complaints } = await visit(browser, { size: narrow, dark: true }));
    const claimed = await context.request.post(`${url}/api/claim`, { data: ownerLogin, headers: { origin: url } });
    expect(claimed.status()).toBe(201);
    await page.goto(`${url}/system/pins`);
  });
  afterAll(async () => {
    await browser.close();
    stop.abort();
    await serving;
  });

  test('gives a pin its use, tries it, and sees its state as it changes', async () => {
    await page.getByRole('heading', { name: 'Pins', level: 1 }).waitFor();
    await page.getByText('Nothing is wired yet.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'GPIO18' }).getByRole('button', { name: 'Use' }).click();
    await page.getByLabel('It is', { exact: true }).selectOption('output');
    await page.getByLabel('Kind').selectOption('siren');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.field-error').first().waitFor();
    await page.getByLabel('Name').fill('Siren');
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    const line = page.getByRole('listitem').filter({ hasText: 'Siren' });
    await line.getByText('off', { exact: true }).waitFor();
    await line.getByRole('button', { name: 'Test' }).click();
    await line.getByText('on', { exact: true }).waitFor();
    const board = await fake.deps.pins.facts();
    const siren = board.pins.find((pin) => pin.line === 18);
    if (siren) fake.stream.emit({ type: 'pin', pin: { ...siren, active: false } });
    await line.getByText('off', { exact: true }).waitFor();
  });

  test('on a telephone in the dark nothing is cut off or against the rules', async () => {
    await page.screenshot({ path: join(screenshots, 'mobile-pins.png') });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(narrow.width);
    expect(await violationsOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
