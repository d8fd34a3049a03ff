import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CameraSource } from '#device/contract/contract.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { CollectedCapture, captureUntil, failureOf, rtspSource } from '#device/testing/collected-capture.ts';
import { startHostileCamera } from '#device/testing/hostile-camera.ts';
import { type RtspServer, startRtspServer } from '#device/testing/rtsp-server.ts';
import { SubStreamFailure } from './capture.ts';
import { createCapture } from './create-capture.ts';

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const run = promisify(execFile);
const capture = createCapture({ clock: systemClock, logger: silentLogger, deadlines: { openingMs: 6000, silenceMs: 2000 } });
const both = { audio: true, detectionWidth: 320, useSubStream: true };

let camera: RtspServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-test-'));
  camera = await startRtspServer({
    mounts: [
      { path: '/h264', codec: 'h264', audio: 'pcmu' },
      { path: '/sound', codec: null, audio: 'pcmu' },
      { path: '/stalls', codec: 'h264' },
      { path: '/changes', codec: 'h264' },
    ],
  });
});

afterAll(async () => {
  await camera?.stop();
  await rm(folder, { recursive: true, force: true });
});

function runBriefly(source: CameraSource, options = both, sink = new CollectedCapture()): Promise<void> {
  return capture.session(source, options).run(AbortSignal.timeout(20_000), sink);
}

describe('trouble', () => {
  test('nothing listens', async () => {
    expect(await failureOf(runBriefly(rtspSource('rtsp://127.0.0.1:9/x')))).toMatchObject({
      kind: 'camera-unreachable',
      message: /refused/,
    });
  });

  test.each([
    ['speaks plain RTSP', (socket: Socket) => socket.on('data', () => socket.end('RTSP/1.0 400 Bad Request\r\n\r\n'))],
    ['hangs up', (socket: Socket) => socket.on('data', () => socket.end())],
  ])('RTSPS to a port that %s', async (_does, answer) => {
    const server = createServer((socket) => void answer(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `rtsps://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/x`;
    try {
      for (const more of [{}, { caPem: rootCertificates[0] ?? '' }]) {
        const told = { kind: 'camera-refused', message: /does not speak RTSPS/ };
        expect(await failureOf(runBriefly(rtspSource(url, more)))).toMatchObject(told);
        expect(await failureOf(capture.probe(rtspSource(url, more), AbortSignal.timeout(20_000)))).toMatchObject(told);
      }
    } finally {
      server.close();
    }
  });

  test('no such path', async () => {
    expect(await failureOf(runBriefly(rtspSource(camera.url('/nothing'))))).toMatchObject({ kind: 'camera-refused', message: /path/ });
  });

  test('sound only', async () => {
    expect((await failureOf(runBriefly(rtspSource(camera.url('/sound'))))).kind).toBe('camera-no-video');
  });

  test.each(['garbage', 'mute'] as const)('a server that is %s', async (manner) => {
    const hostile = await startHostileCamera(manner);
    const failure = await failureOf(runBriefly(rtspSource(hostile.url)));
    expect(['camera-no-video', 'camera-unreachable', 'camera-refused', 'timeout']).toContain(failure.kind);
    await hostile.stop();
  });

  test('a file that is none, and one that is not there', async () => {
    expect((await failureOf(runBriefly({ kind: 'file', url: '/etc/passwd', loop: false }))).kind).toBe('camera-no-video');
    expect(await failureOf(runBriefly({ kind: 'file', url: '/no/such.mp4', loop: false }))).toMatchObject({ message: /no file/ });
  });

  test('a camera that stalls is noticed', async () => {
    const sink = new CollectedCapture();
    const running = failureOf(runBriefly(rtspSource(camera.url('/stalls')), both, sink));
    await sink.until(() => sink.video.length > 20);
    await camera.stall('/stalls');
    expect((await running).kind).toBe('timeout');
    expect(systemClock.boot() - (sink.video.at(-1)?.bootMs ?? 0)).toBeLessThan(4000);
  });

  test('a camera that vanishes is noticed', async () => {
    const mortal = await startRtspServer({ mounts: [{ path: '/h264', codec: 'h264' }] });
    const sink = new CollectedCapture();
    const running = failureOf(runBriefly(rtspSource(mortal.url('/h264')), both, sink));
    await sink.until(() => sink.video.length > 20);
    await mortal.stop();
    expect(['camera-unreachable', 'timeout']).toContain((await running).kind);
  });

  test('a change of the picture size ends the session, to be started at once', async () => {
    const sink = new CollectedCapture();
    const running = failureOf(runBriefly(rtspSource(camera.url('/changes')), both, sink));
    await sink.until(() => sink.video.length > 20);
    await camera.changeSize('/changes', 320, 180);
    expect(await running).toBeInstanceOf(RestartAtOnce);
  });

  test('a sub-stream that fails is told apart', async () => {
    const source = rtspSource(camera.url('/h264'), { subUrl: camera.url('/nothing') });
    expect(await failureOf(runBriefly(source))).toBeInstanceOf(SubStreamFailure);
  });

  test('an abort ends it, whenever it comes, and leaves no child', async () => {
    for (const afterMs of [0, 50, 400, 1500]) {
      const stop = new AbortController();
      const running = capture.session(rtspSource(camera.url('/h264')), both).run(stop.signal, new CollectedCapture());
      await systemClock.sleep(afterMs);
      stop.abort();
      await running;
    }
    expect((await run('ps', ['--ppid', String(process.pid), '-o', 'comm='])).stdout).not.toMatch(/ffmpeg/);
  });
});

describe('RTSPS', () => {
  let secure: RtspServer;
  let caPem: string;
  let otherPem: string;

  beforeAll(async () => {
    for (const name of ['camera', 'other']) {
      const subject = ['-subj', '/CN=camera', '-addext', 'subjectAltName=DNS:somewhere.else'];
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '3650',
        ...subject,
        '-keyout',
        join(folder, `${name}.key`),
        '-out',
        join(folder, `${name}.crt`),
      ]);
    }
    caPem = await readFile(join(folder, 'camera.crt'), 'utf8');
    otherPem = await readFile(join(folder, 'other.crt'), 'utf8');
    const both = join(folder, 'both.pem');
    await run('sh', ['-c', 'cat "$1" "$2" > "$3"', 'sh', join(folder, 'camera.crt'), join(folder, 'camera.key'), both]);
    secure = await startRtspServer({ mounts: [{ path: '/h264', codec: 'h264' }], tlsPemFile: both });
  });
  afterAll(() => secure?.stop());

  test('the camera’s own certificate is enough; without any the stream is encrypted but not proved', async () => {
    for (const more of [{ caPem }, {}]) {
      const sink = await captureUntil(capture.session(rtspSource(secure.url('/h264'), more), both), (so) => so.video.length > 3);
      expect(sink.formats).toHaveLength(1);
    }
  });

  test('a certificate of somebody else is refused', async () => {
    expect(await failureOf(runBriefly(rtspSource(secure.url('/h264'), { caPem: otherPem })))).toMatchObject({
      kind: 'camera-refused',
      message: /certificate/,
    });
  });
});
