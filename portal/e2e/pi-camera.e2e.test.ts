import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { openRpicamStage, type RpicamStage } from '#device/testing/rpicam-stage.ts';
import { narrow, openBrowser, videoState, violationsOn, visit } from './browser.ts';

/** The programs of the Raspberry Pi are stand-ins; all else is real. */

let stage: RpicamStage;
let device: AssembledDevice;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  stage = await openRpicamStage();
  device = await AssembledDevice.start({ program: 'built', env: { PATH: `${stage.programs}:${process.env['PATH'] ?? ''}` } });
  await device.enter();
  browser = await openBrowser();
  ({ context, page } = await visit(browser, { size: narrow, dark: true }));
  const [name = '', value = ''] = device.cookie.split('=');
  await context.addCookies([{ name, value, url: device.url }]);
});

afterAll(async () => {
  await browser.close();
  await device.remove();
  await stage.close();
});

describe('somebody with a Raspberry Pi camera and a telephone', () => {
  test('tries it out, adds it with settings of their own, and sees it', async () => {
    await page.goto(`${device.url}/cameras/new`);
    await page.getByText('Raspberry Pi camera imx708_wide, up to').waitFor({ timeout: 20_000 });
    await page.getByText('Raspberry Pi camera', { exact: true }).click();
    await page.getByLabel('Picture size').selectOption('640x480');
    await page.getByLabel('Pictures a second').fill('100');
    await page.getByText('A number from 1 to 60.').waitFor();
    await page.getByLabel('Pictures a second').fill('10');
    await page.getByLabel('Turned by 180°').check();
    await page.getByText('Light, focus and lens').click();
    await page.getByLabel('Exposure').selectOption('sport');
    await page.getByLabel('Focus').selectOption('manual');
    await page.getByLabel('Lens position').fill('0.5');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByText('imx708_wide (').waitFor({ timeout: 20_000 });
    await page.getByLabel('Name', { exact: true }).fill('Gate');
    await page.getByRole('button', { name: 'Add camera' }).click();
    await page.getByRole('heading', { name: 'Gate', level: 1 }).waitFor({ timeout: 20_000 });
    const saved = await (await context.request.get(`${device.url}/api/cameras/gate`)).json();
    expect(saved.source).toEqual({
      kind: 'pi',
      width: 640,
      height: 480,
      framesPerSecond: 10,
      rotation: 180,
      focus: { mode: 'manual', lensPosition: 0.5 },
      exposure: { mode: 'sport' },
    });
    await page.goto(`${device.url}/cameras/gate`);
    await expect.poll(() => videoState(page), { timeout: 30_000 }).toMatchObject({ width: 640 });
    expect(await page.getByRole('link', { name: 'Full size' }).getAttribute('href')).toBe('/api/cameras/gate/still.jpg');
  });
});
