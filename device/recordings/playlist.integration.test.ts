import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filmScene } from '#device/testing/filmed-scene.ts';
import { recordScene } from '#device/testing/recorded-scene.ts';
import type { RecordingRow } from './model.ts';
import { mediaPlaylist } from './playlist.ts';
import { cutSpan } from './span.ts';

const run = promisify(execFile);
const eightMs = Date.UTC(2026, 0, 5, 8);
const hlsScript = join(import.meta.dirname, '../../node_modules/hls.js/dist/hls.light.min.js');

const player = `<!doctype html><video id="video" muted></video><script src="/hls.js"></script><script>
  const hls = new Hls({ enableWorker: false });
  window.problems = [];
  hls.on(Hls.Events.ERROR, (_, problem) => {
    window.problems.push(problem.details);
  });
  hls.loadSource('/list.m3u8');
  hls.attachMedia(video);
</script>`;

describe('a playlist in a real player', () => {
  let folder: string;
  let server: Server;
  let address: string;
  let rows: RecordingRow[];
  let playlist: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hls-'));
    const sound = await filmScene({ seconds: 6, audio: true });
    const other = await filmScene({ seconds: 5, audio: true, framesPerSecond: 25, keyInterval: 40 });
    rows = [
      await recordScene(folder, { id: 'one', startWallMs: eightMs, startBootMs: 0 }, sound),
      await recordScene(folder, { id: 'two', startWallMs: eightMs + 600_000, startBootMs: 600_000 }, sound),
      await recordScene(folder, { id: 'three', startWallMs: eightMs + 900_000, startBootMs: 900_000 }, other),
    ];
    server = createServer((request, response) => {
      void serve(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  /** Whole files and single ranges, nothing more: what the playlist asks of a server. */
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/list.m3u8') return void response.setHeader('content-type', 'application/vnd.apple.mpegurl').end(playlist);
    if (request.url === '/hls.js') return void response.setHeader('content-type', 'text/javascript').end(await readFile(hlsScript));
    if (request.url === '/') return void response.setHeader('content-type', 'text/html').end(player);
    const row = rows.find(({ id }) => request.url === `/${id}.mp4`);
    if (!row) return void response.writeHead(404).end();
    const bytes = await readFile(join(folder, row.path));
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (start === undefined) return void response.end(bytes);
    const last = end ? Number(end) : bytes.length - 1;
    response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${bytes.length}`, 'content-type': 'video/mp4' });
    response.end(bytes.subarray(Number(start), last + 1));
  };

  const show = (fromS: number, toS: number): void => {
    playlist = mediaPlaylist(cutSpan(rows, eightMs + fromS * 1000, eightMs + toS * 1000), (id) => `/${id}.mp4`) ?? '';
  };

  const countFrames = async (): Promise<number> => {
    const { stdout, stderr } = await run('ffmpeg', [
      '-v',
      'error',
      '-i',
      `${address}/list.m3u8`,
      '-map',
      '0:v',
      '-f',
      'framecrc',
      '-fps_mode',
      'passthrough',
      '-',
    ]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line.startsWith('0,')).length;
  };

  // ffmpeg's player does not know discontinuities: one recording at a time.
  test('gives ffmpeg every picture of each recording', async () => {
    show(0, 60);
    expect(await countFrames()).toBe(120);
    show(900, 960);
    expect(await countFrames()).toBe(125);
  });

  test('gives ffmpeg a span that begins and ends within a recording', async () => {
    show(602.5, 603.5);
    expect(await countFrames()).toBe(30);
  });

  describe('of a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
      });
    }, 60_000);
    afterAll(() => browser.close());

    test('plays from one recording into the next, over a change of format, and wherever one jumps to', async () => {
      show(0, 1_000);
      const page = await browser.newPage();
      await page.goto(address);
      for (const [from, to] of [
        [5, 6.6],
        [11.3, 12.6],
        [2, 2.5],
      ] as const) {
        await page.evaluate(`video.currentTime = ${from}; video.play()`);
        await page.waitForFunction(`video.currentTime >= ${to} && video.readyState >= 2`, undefined, { timeout: 30_000 });
      }
      expect(await page.evaluate('video.duration')).toBeCloseTo(17, 0);
      expect(await page.evaluate('[video.videoWidth, video.error, window.problems]')).toEqual([320, null, []]);
      await page.close();
    }, 120_000);
  });
});
