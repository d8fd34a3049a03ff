import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { CollectedCapture, captureUntil, failureOf, rtspSource } from '#device/testing/collected-capture.ts';
import { type RtspServer, startRtspServer } from '#device/testing/rtsp-server.ts';
import { createCapture } from './create-capture.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const run = promisify(execFile);
const capture = createCapture({ clock: systemClock, logger: silentLogger, deadlines: { openingMs: 6000, silenceMs: 2000 } });
const both = { audio: true, detectionWidth: 320, useSubStream: true };
const login = { method: 'digest', username: 'ad min', password: "s3:@/'cr%t" } as const;

let camera: RtspServer;
let locked: RtspServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-test-'));
  camera = await startRtspServer({
    mounts: [
      { path: '/h264', codec: 'h264', audio: 'pcmu' },
      { path: '/h265', codec: 'h265', fps: 10, keyInterval: 10 },
      { path: '/mjpeg', codec: 'mjpeg', fps: 10 },
      { path: '/aac', codec: 'h264', audio: 'aac' },
      { path: '/opus', codec: 'h265', audio: 'opus', fps: 10, keyInterval: 10 },
      { path: '/sub', codec: 'h264', width: 320, height: 240, fps: 10, keyInterval: 10 },
    ],
  });
  locked = await startRtspServer({ mounts: [{ path: '/h264', codec: 'h264' }], login });
});

afterAll(async () => {
  await Promise.all([camera?.stop(), locked?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function allOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

function expectRising(sink: CollectedCapture): void {
  for (const track of [sink.video, sink.audio]) {
    track.slice(1).forEach((packet, index) => {
      expect(packet.bootMs).toBeGreaterThan(track[index]?.bootMs ?? 0);
      expect(packet.dts).toBeGreaterThan(track[index]?.dts ?? 0);
    });
  }
}

describe('RTSP', () => {
  test('H.264 with G.711 becomes H.264 with AAC and pictures of its key packets', async () => {
    const sink = await captureUntil(
      capture.session(rtspSource(camera.url('/h264')), both),
      (so) => so.pictures.length >= 3 && so.video.length > 50,
    );
    expect(sink.formats).toHaveLength(1);
    expect(sink.formats[0]).toMatchObject({
      video: { codec: 'h264', width: 640, height: 360 },
      audio: { codec: 'aac', sampleRateHz: 8000 },
    });
    expect(sink.video[0]?.key).toBe(true);
    expect(sink.audio.length).toBeGreaterThan(5);
    expectRising(sink);
    expect(sink.pictures.every(({ width, height, luma }) => width === 320 && height === 180 && luma.length === 57_600)).toBe(true);
    const keys = sink.video.filter(({ key }) => key).map(({ bootMs }) => bootMs);
    const last = sink.pictures.at(-1)?.bootMs ?? 0;
    expect(Math.min(...keys.map((key) => Math.abs(key - last)))).toBeLessThan(100);
  });

  test('H.265, over UDP too', async () => {
    for (const transport of ['tcp', 'udp'] as const) {
      const sink = await captureUntil(
        capture.session(rtspSource(camera.url('/h265'), { transport }), both),
        (so) => so.video.length > 12 && so.pictures.length > 0,
      );
      expect(sink.formats[0]).toMatchObject({ video: { codec: 'h265' }, audio: null });
    }
  });

  test('Motion JPEG packets are JPEGs, and the sound of a camera without any is no trouble', async () => {
    const sink = await captureUntil(capture.session(rtspSource(camera.url('/mjpeg')), both), (so) => so.video.length > 5);
    expect(sink.formats[0]).toMatchObject({ video: { codec: 'mjpeg' }, audio: null });
    expect(sink.video.every(({ data, key }) => key && data[0] === 0xff && data[1] === 0xd8)).toBe(true);
    expect(sink.notes).toEqual([]);
  });

  test('AAC stays as it is', async () => {
    const sink = await captureUntil(capture.session(rtspSource(camera.url('/aac')), both), (so) => so.audio.length > 20);
    expect(sink.formats[0]?.audio).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 44_100 });
  });

  test('Opus becomes AAC, also when pictures come before the sound says what it is', async () => {
    const sink = await captureUntil(
      capture.session(rtspSource(camera.url('/opus')), both),
      (so) => so.audio.length > 20 && so.video.length > 20,
    );
    expect(sink.formats).toHaveLength(1);
    expect(sink.formats[0]).toMatchObject({ video: { codec: 'h265' }, audio: { codec: 'aac' } });
    expectRising(sink);
  });

  test('with a sub-stream its key pictures are seen, and the main stream flows evenly', async () => {
    const source = rtspSource(camera.url('/h264'), { subUrl: camera.url('/sub') });
    const sink = await captureUntil(capture.session(source, both), (so) => so.pictures.length >= 3 && so.video.length > 50);
    expect(sink.pictures[0]).toMatchObject({ width: 320, height: 240 });
    expectRising(sink);
  });

  test('no decoding is done when nobody detects', async () => {
    const sink = await captureUntil(
      capture.session(rtspSource(camera.url('/h264')), { ...both, audio: false, detectionWidth: null }),
      (so) => so.video.length > 45,
    );
    expect(sink.pictures).toEqual([]);
    expect(sink.audio).toEqual([]);
  });
});

describe('login', () => {
  test('the password is used but is in no process list', async () => {
    // Over UDP a child takes the stream; over TCP there is none that could tell.
    const source = rtspSource(locked.url('/h264'), { username: login.username, password: login.password, transport: 'udp' });
    const sink = new CollectedCapture();
    const stop = new AbortController();
    const running = capture.session(source, both).run(stop.signal, sink);
    await Promise.race([sink.until(() => sink.video.length > 3), running]);
    const { stdout } = await run('ps', ['--ppid', String(process.pid), '-o', 'pid=,comm=']);
    const pids = [...stdout.matchAll(/(\d+) ffmpeg/g)].map((match) => match[1]);
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    expect(lines.some((line) => line.includes('async:pipe:3'))).toBe(true);
    for (const spelling of [login.password, encodeURIComponent(login.password), 's3', locked.url('/h264')]) {
      expect(lines.some((line) => line.includes(spelling))).toBe(false);
    }
    stop.abort();
    await running;
  });

  test('digest authentication', async () => {
    const source = rtspSource(locked.url('/h264'), { username: login.username, password: login.password });
    const sink = await captureUntil(capture.session(source, both), (so) => so.video.length > 3 && so.pictures.length > 0);
    expect(sink.formats).toHaveLength(1);
  });

  test('a wrong password is named and not repeated', async () => {
    const failure = await failureOf(
      captureUntil(capture.session(rtspSource(locked.url('/h264'), { username: 'admin', password: 'hunter2-wrong' }), both), () => false),
    );
    expect(failure.kind).toBe('camera-wrong-password');
    expect(`${failure.message} ${failure.action} ${String(failure.cause)}`).not.toContain('hunter2');
  });

  test('basic authentication', async () => {
    const basic = await startRtspServer({
      mounts: [{ path: '/h264', codec: 'h264' }],
      login: { ...login, username: 'admin', method: 'basic' },
    });
    try {
      const sink = await captureUntil(capture.session(rtspSource(basic.urlWithLogin('/h264')), both), (so) => so.video.length > 3);
      expect(sink.formats).toHaveLength(1);
    } finally {
      await basic.stop();
    }
  });
});

describe('files, the demo, and pictures of packets', () => {
  test('a looped file goes on with rising times; its pictures can be had as JPEG and grey', async () => {
    const file = join(folder, 'clip.mp4');
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10', '-t', '1.5', '-c:v', 'libx264', '-g', '5', file]);
    const sink = await captureUntil(capture.session({ kind: 'file', url: file, loop: true }, both), (so) => so.video.length > 40);
    expectRising(sink);
    const [format] = sink.formats;
    if (!format) throw new Error('no format');
    const jpeg = await capture.jpeg(format, sink.video.slice(0, 5), { maxWidth: 160 }, AbortSignal.timeout(10_000));
    expect([jpeg[0], jpeg[1], jpeg.at(-2), jpeg.at(-1)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    async function* stream() {
      yield* sink.video;
    }
    const jpegs = await allOf(capture.jpegs(format, stream(), { maxWidth: 160, framesPerSecond: 1000 }, AbortSignal.timeout(10_000)));
    expect(jpegs.length).toBeGreaterThan(0);
    const lumas = await allOf(capture.lumas(format, stream(), { width: 160, framesPerSecond: 5 }, AbortSignal.timeout(10_000)));
    expect(lumas[0]).toMatchObject({ width: 160, height: 90, bootMs: sink.video[0]?.bootMs });
    expect(lumas.length).toBeGreaterThan(3);
  });

  test('a file that is not looped ends with a Failure', async () => {
    const file = join(folder, 'short.mp4');
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10', '-t', '1', '-c:v', 'libx264', file]);
    expect((await failureOf(captureUntil(capture.session({ kind: 'file', url: file, loop: false }, both), () => false))).message).toMatch(
      /ended/,
    );
  });

  test('the demo camera makes its own scene, with sound', async () => {
    const sink = await captureUntil(capture.session({ kind: 'demo' }, both), (so) => so.pictures.length > 1 && so.audio.length > 5);
    expect(sink.formats[0]).toMatchObject({ video: { codec: 'h264', width: 960, height: 540 }, audio: { codec: 'aac' } });
    expect(sink.video.filter(({ key }) => key).length).toBeLessThan(sink.video.length / 10);
    const { stream, warnings } = await capture.probe({ kind: 'demo' }, AbortSignal.timeout(10_000));
    expect({ codecString: stream.videoCodecString, width: stream.width }).toEqual({
      codecString: sink.formats[0]?.video.codecString,
      width: sink.formats[0]?.video.width,
    });
    expect(warnings).toEqual([]);
  });
});

describe('probe', () => {
  test('says in plain words what it found', async () => {
    const source = rtspSource(camera.url('/h264'), { subUrl: camera.url('/sub') });
    const found = await capture.probe(source, AbortSignal.timeout(20_000));
    expect(found.summary).toBe('640×360 H.264 at 20 frames a second, with sound and a sub-stream of 320×240 H.264');
    expect(found.stream).toMatchObject({ keyIntervalMs: expect.closeTo(1000, -2), audioCodec: 'aac' });
    expect(found.warnings).toEqual([expect.stringContaining('converted to AAC')]);
  });

  test('warns of H.265 and of silence', async () => {
    const { warnings } = await capture.probe(rtspSource(camera.url('/h265')), AbortSignal.timeout(20_000));
    expect(warnings.join(' ')).toMatch(/H\.265.*no sound/);
  });

  test('says what is wrong, and never the password', async () => {
    const failure = await failureOf(
      capture.probe(rtspSource(locked.url('/h264'), { username: 'x', password: 'hunter2-wrong' }), AbortSignal.timeout(20_000)),
    );
    expect(failure.kind).toBe('camera-wrong-password');
    expect(`${failure.message} ${String(failure.cause)}`).not.toContain('hunter2');
  });
});
