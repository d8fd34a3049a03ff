import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssembledDevice, owner } from '#device/testing/assembled-device.ts';
import { cutOff, narrow, openBrowser, videoState, violationsOn, visit, wide } from './browser.ts';

const run = promisify(execFile);
const screenshots = join(import.meta.dirname, 'screenshots');

let device: AssembledDevice;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  device = await AssembledDevice.start({ program: 'built', demo: true, env: { KERBEROS_LOG_LEVEL: 'warn' } });
  browser = await openBrowser();
  ({ context, page, complaints } = await visit(browser));
});

afterAll(async () => {
  await browser.close();
  await device.remove();
});

async function shot(name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

const violations = () => violationsOn(page);

async function waitForVideo(): Promise<void> {
  await expect.poll(() => videoState(page), { timeout: 20_000 }).toMatchObject({ width: 960 });
  const before = await videoState(page);
  await expect.poll(async () => (await videoState(page)).seconds, { timeout: 10_000 }).toBeGreaterThan(before.seconds + 1);
}

describe('somebody who started the device', () => {
  test('claims it with a password of their own and sees the demo camera live', async () => {
    await page.goto(device.url);
    await page.getByLabel('Your name').fill(owner.username);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Claim this device' }).click();
    await page.getByText('more characters needed').first().waitFor();
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByLabel('Password once more').fill(owner.password);
    await page.getByRole('button', { name: 'Claim this device' }).click();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    await waitForVideo();
    await shot('live-wall');
    expect(await violations()).toEqual([]);
  });

  test('sees on the camera page what moves, less than a second after it did', async () => {
    await page.getByRole('link', { name: /Demo/ }).first().click();
    await page.getByRole('button', { name: /Detector/ }).click();
    await waitForVideo();
    expect((await videoState(page)).behindSeconds).toBeLessThan(1);
    await page.getByText(/Change \d+ %, counts from \d+ %/).waitFor();
    await page
      .getByRole('region', { name: 'Latest events' })
      .or(page.locator('section', { hasText: 'Latest events' }))
      .getByText('Motion')
      .first()
      .waitFor({ timeout: 40_000 });
    await shot('camera');
    expect(await violations()).toEqual([]);
  });

  test('records by hand', async () => {
    await page.getByRole('button', { name: 'Record now' }).click();
    await page.getByText('Recording for').waitFor();
    await page.getByRole('button', { name: 'Stop recording' }).click();
    await page.getByText('Recording by hand stopped').waitFor();
  });

  test('finds what happened, plays it, and takes it home as one MP4 that any player understands', async () => {
    await page.getByRole('link', { name: 'Recordings', exact: true }).click();
    const playable = page.getByRole('button', { name: /^Play / }).first();
    await playable.waitFor({ timeout: 20_000 });
    await playable.click();
    await waitForVideo();
    await shot('day');
    expect(await violations()).toEqual([]);
    const now = Date.now();
    const span = `from=${new Date(now - 20_000).toISOString()}&to=${new Date(now).toISOString()}`;
    const file = join(device.directory, 'export.mp4');
    const answer = await context.request.get(`${device.url}/api/cameras/demo/export.mp4?${span}`);
    await writeFile(file, await answer.body());
    const { stdout, stderr } = await run('ffprobe', [
      '-v',
      'error',
      '-count_frames',
      '-select_streams',
      'v',
      '-show_entries',
      'stream=nb_read_frames',
      '-of',
      'csv=p=0',
      file,
    ]);
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeGreaterThan(60);
  });

  test('sees how the device is', async () => {
    await page.getByRole('link', { name: 'System' }).click();
    await page.getByRole('heading', { name: 'Storage' }).waitFor();
    await page.getByText('checks in order').waitFor();
    await shot('system');
    expect(await violations()).toEqual([]);
  });

  test('draws a zone with the keyboard alone', async () => {
    await page.goto(`${device.url}/cameras/demo/edit`);
    const add = page.getByRole('button', { name: 'Watch an area' });
    await add.focus();
    await page.keyboard.press('Enter');
    const point = page.getByRole('button', { name: /^Point 1 of/ });
    await point.focus();
    const before = await point.getAttribute('aria-label');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => page.getByRole('button', { name: /^Point 1 of/ }).getAttribute('aria-label')).not.toBe(before);
    await shot('zones');
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).first().click();
    await expect
      .poll(async () => (await (await context.request.get(`${device.url}/api/cameras/demo`)).json()).motion.zones.length, {
        timeout: 10_000,
      })
      .toBe(1);
  });

  test('finds everything on a telephone, in the dark', async () => {
    await page.setViewportSize(narrow);
    await page.emulateMedia({ colorScheme: 'dark' });
    await context.request.post(`${device.url}/api/tokens`, { data: { name: 'Door bell', scopes: ['operate'] } });
    for (const [path, name] of [
      ['/', 'mobile-live'],
      ['/cameras/demo', 'mobile-camera'],
      ['/recordings', 'mobile-day'],
      ['/recordings?day=2026-01-05', null],
      ['/system', 'mobile-system'],
      ['/cameras/demo/edit', 'mobile-edit'],
    ] as const) {
      await page.goto(`${device.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForTimeout(1500);
      if (name) await shot(name);
      expect(await cutOff(page), `${path} is as wide as the screen`).toEqual([]);
      expect(await violations(), path).toEqual([]);
    }
    await page.setViewportSize(wide);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('is told when the device is gone, and goes on when it is back', async () => {
    await page.goto(device.url);
    await waitForVideo();
    const port = Number(new URL(device.url).port);
    await device.end('SIGKILL');
    await page.getByText('Connection to the device is lost').waitFor({ timeout: 15_000 });
    await shot('connection-lost');
    device = await AssembledDevice.start({ program: 'built', demo: true, directory: device.directory, port, cookie: device.cookie });
    await page.getByText('Connection to the device is lost').waitFor({ state: 'hidden', timeout: 30_000 });
    await waitForVideo();
  });

  test('is told in plain words what is wrong with a camera, and can add it anyway', async () => {
    await page.goto(`${device.url}/`);
    await page.getByRole('link', { name: 'Add camera' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Gate');
    await page.getByLabel('Address', { exact: true }).fill('rtsp://127.0.0.1:9/none');
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByText('Check').first().waitFor({ timeout: 30_000 });
    await shot('add-camera');
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Add camera' }).click();
    await page.getByRole('button', { name: 'Add it anyway' }).click({ timeout: 30_000 });
    await page.getByRole('heading', { name: 'Gate', level: 1 }).waitFor({ timeout: 30_000 });
  });

  test('removes a camera after being asked whether they mean it', async () => {
    await page.goto(`${device.url}/cameras/gate/edit`);
    await page.getByRole('button', { name: 'Remove camera' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove camera' }).click();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    expect((await context.request.get(`${device.url}/api/cameras/gate`)).status()).toBe(404);
  });

  test('never made the browser complain, but for the device being gone', () => {
    const own = complaints.filter(
      (line) => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE|WebSocket|422|401|ERR_EMPTY_RESPONSE/.test(line),
    );
    expect(own).toEqual([]);
  });
});
