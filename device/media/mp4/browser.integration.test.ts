import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filmScene, type Scene, type SceneOptions } from '#device/testing/filmed-scene.ts';
import type { TimedPacket } from '../packet.ts';
import { baseTimesAt, fragment } from './fragment.ts';
import { initSegment, mimeOf } from './init-segment.ts';

interface Shown {
  bufferedSeconds: number;
  width: number;
  currentSeconds: number;
  error: string | null;
}

function segmentsOf({ format, packets }: Scene): Uint8Array[] {
  const first = packets.find((packet) => packet.track === 'video');
  if (!first) throw new Error('no picture');
  const base = baseTimesAt(format, first);
  const parts = Map.groupBy(packets, (packet: TimedPacket) => Math.floor(packet.bootMs / 500));
  return [initSegment(format), ...[...parts.values()].map((part, index) => fragment(index + 1, part, base, { checksum: true }))];
}

/** Source text, since this program knows no DOM. */
const playInBrowser = `async ({ mime, segments }) => {
  const video = document.createElement('video');
  video.muted = true;
  const source = new MediaSource();
  video.src = URL.createObjectURL(source);
  await new Promise((done) => source.addEventListener('sourceopen', done, { once: true }));
  const buffer = source.addSourceBuffer(mime);
  for (const segment of segments) {
    buffer.appendBuffer(Uint8Array.from(atob(segment), (letter) => letter.charCodeAt(0)));
    await new Promise((done) => buffer.addEventListener('updateend', done, { once: true }));
    if (video.error) break;
  }
  const error = video.error?.message ?? null;
  if (!error) {
    video.currentTime = 1;
    await video.play();
    await new Promise((done) => video.requestVideoFrameCallback(done));
  }
  const bufferedSeconds = video.buffered.length > 0 ? video.buffered.end(0) - video.buffered.start(0) : 0;
  return { bufferedSeconds, width: video.videoWidth, currentSeconds: video.currentTime, error };
}`;

describe('a browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
    });
    page = await browser.newPage();
  });
  afterAll(() => browser.close());

  const play = (scene: Scene): Promise<Shown> => {
    const segments = segmentsOf(scene).map((bytes) => Buffer.from(bytes).toString('base64'));
    return page.evaluate<Shown>(`(${playInBrowser})(${JSON.stringify({ mime: mimeOf(scene.format), segments })})`);
  };

  const kinds: [string, SceneOptions][] = [
    ['H.264', { seconds: 3 }],
    ['H.264 with sound', { seconds: 3, audio: true }],
    ['H.264 with pictures out of order', { seconds: 3, bFrames: 2 }],
  ];
  for (const [name, options] of kinds) {
    test(`plays segments of ${name} as they come`, async () => {
      const shown = await play(await filmScene(options));
      expect(shown).toMatchObject({ error: null, width: 320 });
      expect(shown.bufferedSeconds).toBeGreaterThan(2.8);
      expect(shown.currentSeconds).toBeGreaterThanOrEqual(1);
    });
  }
});
