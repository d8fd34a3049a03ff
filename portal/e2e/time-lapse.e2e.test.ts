import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssembledDevice, owner } from '#device/testing/assembled-device.ts';
import { cutOff, narrow, openBrowser, violationsOn, visit } from './browser.ts';

const screenshots = join(import.meta.dirname, 'screenshots');

describe('somebody who wants to see a day in seconds', () => {
  let device: AssembledDevice;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    device = await AssembledDevice.start({ program: 'built', demo: true, env: { KERBEROS_LOG_LEVEL: 'warn' } });
    browser = await openBrowser();
    let context: Awaited<ReturnType<typeof visit>>['context'];
    ({ context, page, complaints } = await visit(browser, { size: narrow, dark: true }));
    const claimed = await context.request.post(`${device.url}/api/claim`, { data: owner, headers: { origin: device.url } });
    expect(claimed.status()).toBe(201);
    // More often than the portal offers, so that the test need not wait.
    const change = { timeLapse: { intervalMs: 5_000 } };
    await context.request.patch(`${device.url}/api/cameras/demo`, { data: change, headers: { origin: device.url } });
  });
  afterAll(async () => {
    await browser.close();
    await device.remove();
  });

  test('switches it on in the settings of the camera', async () => {
    await page.goto(`${device.url}/cameras/demo/edit`);
    await page.getByRole('switch', { name: 'Take a picture now and then' }).click();
    expect(await page.getByLabel('A picture every').inputValue()).toBe('5000');
    expect(await violationsOn(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Time-lapse' }).click();
    await page.getByRole('heading', { name: /^Time-lapse of/, level: 1 }).waitFor();
  });

  test('plays the day to its end, goes back in it, and saves it', async () => {
    await expect
      .poll(
        async () => {
          await page.reload();
          const shown = page.locator('output');
          await shown.or(page.getByText('No picture yet')).first().waitFor();
          return (await shown.count()) > 0 ? Number(/of (\d+)/.exec((await shown.textContent()) ?? '')?.[1]) : 0;
        },
        { timeout: 40_000, interval: 2_000 },
      )
      .toBeGreaterThanOrEqual(3);
    const position = page.getByRole('slider', { name: 'Moment' });
    await position.fill('0');
    await page.locator('output', { hasText: /\D1 of/ }).waitFor();
    await page.screenshot({ path: join(screenshots, 'mobile-time-lapse.png') });
    expect(await violationsOn(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.locator('output', { hasText: /\D(\d+) of \1$/ }).waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save the film' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^demo-\d{4}-\d{2}-\d{2}-time-lapse\.mp4$/);
  });

  test('deletes it', async () => {
    await page.getByRole('button', { name: 'Delete this day' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete this day' }).click();
    await page.getByText(/deleted$/).waitFor();
    expect(complaints).toEqual([]);
  });
});
