import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssembledDevice } from '#device/testing/assembled-device.ts';
import { FakeOnvifCamera } from '#device/testing/fake-onvif-camera.ts';
import { FakePullPoints } from '#device/testing/fake-pull-points.ts';
import { type RtspServer, startRtspServer } from '#device/testing/rtsp-server.ts';
import { cutOff, narrow, openBrowser, violationsOn, visit } from './browser.ts';

/** The device, the portal and the video are real; what the camera says of itself and its outputs are a fake. */

const login = { username: 'admin', password: 'a good one' };
const pullPoints = new FakePullPoints();
let onvif: FakeOnvifCamera;
let video: RtspServer;
let device: AssembledDevice;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const relays = [{ token: 'gate', mode: 'Bistable', delayTime: 'PT0S' }] as const;
  onvif = await FakeOnvifCamera.start({ ...login, pullPoints, relays });
  video = await startRtspServer({ mounts: [{ path: '/main', codec: 'h264', pattern: 'blue' }], login: { method: 'digest', ...login } });
  device = await AssembledDevice.start({ program: 'built' });
  await device.enter();
  const source = { kind: 'rtsp', url: video.url('/main'), ...login, onvifUrl: onvif.url };
  expect((await device.request('POST', '/api/cameras', { name: 'Yard', source, motion: { enabled: false } })).status).toBe(201);
  browser = await openBrowser();
  ({ context, page, complaints } = await visit(browser, { size: narrow, dark: true }));
  const [name = '', value = ''] = device.cookie.split('=');
  await context.addCookies([{ name, value, url: device.url }]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await device.remove();
  await video.stop();
  await onvif.stop();
});

describe('somebody whose camera can tell persons', () => {
  test('lets the device listen to it, and to what they want to know of alone', async () => {
    await page.goto(`${device.url}/cameras/yard/edit`);
    await page.getByLabel('React to what the camera itself notices').check();
    await page.getByRole('checkbox', { name: 'Motion', exact: true }).uncheck();
    expect(await violationsOn(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Yard', level: 1 }).waitFor();
    await expect.poll(() => pullPoints.asked.includes('PullMessages'), { timeout: 10_000 }).toBe(true);
  });

  test('sees what it noticed, and switches what is wired to it', async () => {
    pullPoints.say('VideoSource/MotionAlarm', 'State', 'true');
    pullPoints.say('RuleEngine/MyRuleDetector/PeopleDetect', 'State', 'true');
    await page.getByText('Person', { exact: true }).waitFor();
    expect(await page.getByText('Motion, by the camera').count()).toBe(0);
    const gate = page.getByRole('listitem').filter({ hasText: 'Output gate' });
    await gate.getByText('state not known').waitFor();
    await gate.getByRole('button', { name: 'Switch on' }).click();
    await gate.getByText('on', { exact: true }).waitFor();
    await gate.getByRole('button', { name: 'For a moment' }).click();
    await gate.getByText('off', { exact: true }).waitFor();
    expect(onvif.done).toEqual(['relay gate active', 'relay gate active', 'relay gate inactive']);
    expect(await violationsOn(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
