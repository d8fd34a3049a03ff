import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 360, height: 740 };

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}

interface Visit {
  context: BrowserContext;
  page: Page;
  /** Whatever the page complained about: script errors, refused resources, policy violations. */
  complaints: string[];
}

/** A visitor with a browser of its own. */
export async function visit(browser: Browser, options: { size?: typeof wide; dark?: boolean } = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: options.size ?? wide,
    colorScheme: options.dark === true ? 'dark' : 'light',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { context, page, complaints };
}

/** Violations of the accessibility rules that a program can find. */
export async function violationsOn(page: Page): Promise<string[]> {
  // A page's own policy lets no foreign script in; the tool is put in past it.
  await page.evaluate(await readFile(axeFile, 'utf8'));
  return page.evaluate(async () => {
    const axe: unknown = Reflect.get(window, 'axe');
    if (typeof axe !== 'object' || axe === null || !('run' in axe) || typeof axe.run !== 'function') throw new Error('axe is not there');
    const { violations: found } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] });
    return found.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
}

/** How far the first video of the page that shows anything has come. */
export function videoState(page: Page): Promise<{ seconds: number; behindSeconds: number; width: number }> {
  return page.evaluate(() => {
    const videos = [...document.querySelectorAll('video')];
    const video = videos.find((one) => one.videoWidth > 0) ?? videos[0];
    if (!video) return { seconds: -1, behindSeconds: -1, width: 0 };
    const buffered = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0;
    return { seconds: video.currentTime, behindSeconds: buffered - video.currentTime, width: video.videoWidth };
  });
}

/** What can be pressed or typed into and reaches out of its panel or of the screen, where it is cut off and no bar scrolls to it. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('main :is(button, input, select, a)')]
      .filter((one) => {
        const { right, width } = one.getBoundingClientRect();
        const edge = one.closest('.panel')?.getBoundingClientRect().right ?? Number.POSITIVE_INFINITY;
        return width > 0 && right > Math.min(edge, document.documentElement.clientWidth) + 0.5;
      })
      .map((one) => `${one.tagName} ${one.textContent}`),
  );
}
