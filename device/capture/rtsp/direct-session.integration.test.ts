import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { CollectedCapture, captureUntil, rtspSource } from '#device/testing/collected-capture.ts';
import { type RtspServer, startRtspServer } from '#device/testing/rtsp-server.ts';
import { createCapture } from '../create-capture.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const run = promisify(execFile);
const capture = createCapture({ clock: systemClock, logger: silentLogger, deadlines: { openingMs: 10_000, silenceMs: 5000 } });
const both = { audio: true, detectionWidth: 320, useSubStream: true };
const children = async () => (await run('ps', ['--ppid', String(process.pid), '-o', 'comm='])).stdout.match(/ffmpeg/g)?.length ?? 0;

describe('a camera that is taken without a child of its own', () => {
  let camera: RtspServer;
  beforeAll(async () => {
    camera = await startRtspServer({
      mounts: [
        { path: '/h264', codec: 'h264', width: 642, height: 362 },
        { path: '/h265', codec: 'h265', fps: 10, keyInterval: 10 },
        { path: '/aac', codec: 'h264', audio: 'aac' },
        { path: '/reordered', codec: 'h264-reordered' },
        { path: '/sub', codec: 'h264', width: 320, height: 240, fps: 10, keyInterval: 10 },
      ],
    });
  });
  afterAll(() => camera?.stop());

  test('has one decoder with all others, and none when nobody detects', async () => {
    const stop = new AbortController();
    const sinks = ['/h264', '/aac', '/h264'].map(() => new CollectedCapture());
    const blind = new CollectedCapture();
    const running = [
      ...sinks.map((sink, index) =>
        capture.session(rtspSource(camera.url(['/h264', '/aac', '/h264'][index] ?? '')), both).run(stop.signal, sink),
      ),
      capture.session(rtspSource(camera.url('/h264')), { ...both, detectionWidth: null }).run(stop.signal, blind),
    ];
    await Promise.race([
      ...running,
      Promise.all([...sinks.map((sink) => sink.until(() => sink.pictures.length > 1)), blind.until(() => blind.video.length > 30)]),
    ]);
    expect(await children()).toBe(1);
    expect(sinks[0]?.formats[0]?.video).toMatchObject({ width: 642, height: 362 });
    stop.abort();
    await Promise.all(running);
    await expect.poll(children, { timeout: 10_000 }).toBe(0);
  });

  test('keeps sound beside its pictures', async () => {
    const sink = await captureUntil(capture.session(rtspSource(camera.url('/aac')), both), (so) => so.audio.length > 120);
    const { video, audio } = sink;
    const seconds = (packets: typeof video, timescale: number) => packets.map(({ dts }) => dts / timescale);
    const pictures = seconds(video, sink.formats[0]?.video.timescale ?? 1);
    const sounds = seconds(audio, sink.formats[0]?.audio?.timescale ?? 1);
    expect(Math.abs((pictures.at(-1) ?? 0) - (sounds.at(-1) ?? 0))).toBeLessThan(0.3);
    expect(Math.max(...sounds.slice(41).map((at, index) => at - (sounds[index + 40] ?? 0)))).toBeLessThan(0.07);
    expect(new Set(video.slice(2).map(({ duration }) => Math.round(duration / 450)))).toEqual(new Set([10]));
  });

  test('sees with its sub-stream', async () => {
    const source = rtspSource(camera.url('/h265'), { subUrl: camera.url('/sub') });
    const sink = await captureUntil(capture.session(source, both), (so) => so.pictures.length >= 2 && so.video.length > 10);
    expect(sink.pictures[0]).toMatchObject({ width: 320, height: 240 });
    expect(sink.formats[0]?.video.codec).toBe('h265');
    const age = Math.abs((sink.pictures.at(-1)?.bootMs ?? 0) - (sink.video.at(-1)?.bootMs ?? 0));
    expect(age).toBeLessThan(2500);
  });

  test('is left to a child when its pictures are shown in another order than they come', async () => {
    const sink = await captureUntil(capture.session(rtspSource(camera.url('/reordered')), both), (so) => so.video.length > 30);
    expect(sink.formats).toHaveLength(1);
    expect(sink.video.some(({ compositionOffset }) => compositionOffset > 0)).toBe(true);
  });

  test('gives its packets as they were sent: every one of them decodes', async () => {
    const sink = await captureUntil(capture.session(rtspSource(camera.url('/h264')), both), (so) => so.video.length > 60);
    const [format] = sink.formats;
    if (!format) throw new Error('no format');
    async function* stream() {
      yield* sink.video;
    }
    const lumas: number[] = [];
    for await (const { bootMs } of capture.lumas(format, stream(), { width: 160, framesPerSecond: 1000 }, AbortSignal.timeout(20_000)))
      lumas.push(bootMs);
    expect(lumas.length).toBeGreaterThanOrEqual(sink.video.length - 1);
  });
});
