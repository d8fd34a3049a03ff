import { createAdaptorServer } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { createApi } from '#device/api/api.ts';
import type { ApiDeps, LiveViewer, MediaFile } from '#device/api/ports.ts';
import type { Camera, DeviceSettings, Event, Health, StreamMessage, System, Token } from '#device/contract/contract.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { createLogger } from '#device/kernel/logger.ts';
import { type LiveVideo, playLive, type RecordedVideo, recordVideo, stillPicture } from './stand-in-video.ts';
import { cameraOf, pastOf } from './stand-in-world.ts';

/** The device's real API over a made-up household, for looking at the portal. Usage: node stand-in.ts PORT [fresh|empty] [VIDEO …] */

const [port = '8099', mode = 'full', ...given] = process.argv.slice(2);
const videos = given.length > 0 ? given : ['lavfi:testsrc2=s=960x540:r=10', 'lavfi:mandelbrot=s=960x540:r=10'];
const videoOf = (id: string) => videos[id.length % videos.length] ?? 'lavfi:testsrc2=s=960x540:r=10';
const nowMs = Date.now();
const state = { claimed: mode !== 'fresh', settings: settingsAtFirst(), tokens: [] as Token[] };
const cameras: Camera[] =
  mode === 'full'
    ? [
        cameraOf('front', 'Front door', 'online', nowMs - 86_400_000),
        cameraOf('yard', 'Back yard', 'online', nowMs - 7_200_000),
        cameraOf('garage', 'Garage', 'offline', nowMs - 52 * 60_000),
        cameraOf('nursery-window', 'Nursery', 'disabled', nowMs - 3_600_000),
      ]
    : [];
const past = mode === 'full' ? pastOf(nowMs) : { recordings: [], events: [] };
const listeners = new Set<(message: StreamMessage) => void>();
const lives = new Map<string, LiveVideo>();
const pictures = new Map<string, Promise<Buffer>>();
let recorded: Promise<RecordedVideo> | null = null;
const recordedVideo = () => (recorded ??= recordVideo(videos[0] ?? '', 60));
const pictureOf = (id: string, at: number, width: number) => {
  const key = `${id}-${at % 7}-${width}`;
  const made = pictures.get(key) ?? stillPicture(videoOf(id), 2 + (at % 7) * 3, width).catch(() => stillPicture(videoOf(id), 1, width));
  pictures.set(key, made);
  return made;
};

function settingsAtFirst(): DeviceSettings {
  return {
    deviceName: 'Garden house',
    timeZone: 'Europe/Brussels',
    storage: { maxBytes: null, minFreeBytes: 1_000_000_000, maxAgeDays: 30 },
    network: { hostName: 'kerberos', announce: true },
  };
}

const session = { username: 'anna', expires: new Date(nowMs + 86_400_000).toISOString() };

const access: ApiDeps['access'] = {
  isClaimed: () => state.claimed,
  claim: async () => {
    state.claimed = true;
    return { session, cookieValue: 'stand-in' };
  },
  login: async ({ password }) => {
    if (password === 'wrong') throw new Failure('wrong-login', 'Name or password is wrong.');
    return { session, cookieValue: 'stand-in' };
  },
  logout: async () => {},
  identify: async ({ cookieValue }) => (cookieValue ? { via: 'session', name: 'anna', scopes: ['admin'] } : null),
  session: async () => session,
  changePassword: async () => {},
  tokens: async () => state.tokens,
  createToken: async ({ name, scopes }) => {
    const token: Token = { id: String(state.tokens.length + 1), name, scopes, created: new Date().toISOString(), lastUsed: null };
    state.tokens.push(token);
    return { ...token, token: 'krb_3bLr0f7q9mXsT2vYw8Kd5nHc1Ue6PzAg4Jo' };
  },
  revokeToken: async (id) => {
    state.tokens = state.tokens.filter((token) => token.id !== id);
  },
};

const cameraById = (id: string): Camera => {
  const camera = cameras.find((candidate) => candidate.id === id);
  if (!camera) throw new Failure('not-found', 'There is no such camera.');
  return camera;
};

const cameraPort: ApiDeps['cameras'] = {
  list: () => cameras,
  get: cameraById,
  add: async ({ name, source, saveAnyway }) => {
    if (source.kind === 'rtsp' && source.url.includes('wrong') && !saveAnyway)
      throw new Failure('camera-unreachable', 'Nothing answers at that address.', {
        action: 'Check the address and that the camera has power.',
      });
    const camera = cameraOf(`camera-${cameras.length}`, name, 'online', Date.now());
    cameras.push(camera);
    return camera;
  },
  change: async (id, { source: _source, saveAnyway: _saveAnyway, ...change }) => {
    const camera = cameraById(id);
    const changed = {
      ...camera,
      name: change.name ?? camera.name,
      enabled: change.enabled ?? camera.enabled,
      recording: { ...camera.recording, ...change.recording },
      motion: { ...camera.motion, ...change.motion },
    } as Camera;
    cameras.splice(cameras.indexOf(camera), 1, changed);
    return changed;
  },
  remove: async (id) => void cameras.splice(cameras.indexOf(cameraById(id)), 1),
  restart: async (id) => cameraById(id),
  record: async (id) => {
    cameraById(id).status.recordingNow = true;
    tell({ type: 'camera', cameraId: id, status: cameraById(id).status });
  },
  stopRecording: async (id) => {
    cameraById(id).status.recordingNow = false;
    tell({ type: 'camera', cameraId: id, status: cameraById(id).status });
  },
  probe: async (source) => {
    if (source.kind === 'rtsp' && source.url.includes('wrong'))
      throw new Failure('camera-wrong-password', 'The camera refuses this user and password.', {
        action: 'Enter the user and password of the camera itself.',
      });
    const stream = cameraOf('x', 'x', 'online', 0).status.stream;
    if (!stream) throw new Failure('internal', 'No stream.');
    return {
      stream,
      subStream: { ...stream, width: 640, height: 360 },
      audioFound: 'AAC',
      summary: '1920×1080 H.264 at 20 frames a second, with sound',
      warnings: ['A key picture comes only every 8 seconds. Recordings begin up to 8 seconds early; set it to 2 seconds in the camera.'],
    };
  },
};

const tell = (message: StreamMessage) => {
  for (const listener of listeners) listener(message);
};

const watch = (cameraId: string, viewer: LiveViewer) => {
  const timer = setInterval(() => {
    viewer.send(JSON.stringify({ type: 'status', state: cameraById(cameraId).state, lastFrameAgeMs: frozen ? Date.now() - frozen : 60 }));
    const score = 0.2 + 0.6 * Math.abs(Math.sin(Date.now() / 4000));
    const boxes = score > 0.45 ? [{ x: 0.35, y: 0.3, width: 0.2, height: 0.45, score }] : [];
    viewer.send(JSON.stringify({ type: 'motion', score, threshold: 0.45, moving: score > 0.45, boxes }));
  }, 500);
  if (cameraById(cameraId).state !== 'online') return () => clearInterval(timer);
  const video = lives.get(cameraId) ?? playLive(videoOf(cameraId));
  lives.set(cameraId, video);
  let isBegun = false;
  const send = (segment: Buffer) => {
    if (frozen) return;
    if (!isBegun && video.init) {
      isBegun = true;
      viewer.send(JSON.stringify({ type: 'init', mime: 'video/mp4; codecs="avc1.4D401F"', width: 960, height: 540 }));
      viewer.send(video.init);
      for (const earlier of video.group) viewer.send(earlier);
    } else if (isBegun) viewer.send(segment);
  };
  video.onSegment.add(send);
  return () => {
    clearInterval(timer);
    video.onSegment.delete(send);
  };
};
let frozen: number | null = null;
process.on('SIGUSR1', () => {
  frozen = frozen ? null : Date.now();
});

const inSpan = <T extends { start: string; cameraId: string | null }>(
  items: T[],
  query: { cameraId?: string; fromMs?: number; toMs?: number },
) =>
  items.filter(
    ({ start, cameraId }) =>
      (query.cameraId === undefined || query.cameraId === cameraId) &&
      Date.parse(start) >= (query.fromMs ?? 0) &&
      Date.parse(start) < (query.toMs ?? Number.POSITIVE_INFINITY),
  );

const mediaFile = async (fileName: string): Promise<MediaFile> => {
  const { file } = await recordedVideo();
  return {
    fileName,
    etag: '"stand-in"',
    sizeBytes: file.length,
    read: (start, end) => new Blob([Uint8Array.from(file.subarray(start, end + 1))]).stream() as ReadableStream<Uint8Array>,
  };
};

const recordings: ApiDeps['recordings'] = {
  query: async (query) => ({ recordings: inSpan(past.recordings, query).slice(0, query.limit), next: null }),
  get: async (id) => past.recordings.find((recording) => recording.id === id) ?? missing(),
  file: (id) => mediaFile(`${id}.mp4`),
  thumbnail: async (id) => pictureOf(id.split('-')[0] ?? '', Number(id.split('-').at(-1)) / 60_000, 320),
  setProtected: async (id, isProtected) => {
    const recording = past.recordings.find((candidate) => candidate.id === id) ?? missing();
    recording.protected = isProtected;
    return recording;
  },
  remove: async (id) => {
    past.recordings = past.recordings.filter((recording) => recording.id !== id);
    tell({ type: 'recording-deleted', recordingId: id });
  },
  coverage: async (span) =>
    inSpan(past.recordings, span)
      .toReversed()
      .map(({ id, start, durationMs, trigger }) => ({
        start,
        end: new Date(Date.parse(start) + durationMs).toISOString(),
        trigger,
        recordingId: id,
      })),
  days: async () => [...new Set(past.recordings.map(({ start }) => start.slice(0, 10)))],
  playlist: async (span, fileUrl) => {
    const { initBytes, parts } = await recordedVideo();
    const found = past.recordings.filter(
      ({ start, durationMs, cameraId }) =>
        cameraId === span.cameraId && Date.parse(start) + durationMs > span.fromMs && Date.parse(start) < span.toMs,
    );
    if (found.length === 0) throw new Failure('not-found', 'Nothing was recorded then.');
    const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:2', '#EXT-X-PLAYLIST-TYPE:VOD'];
    for (const { id, start, durationMs } of found.toReversed()) {
      lines.push('#EXT-X-DISCONTINUITY', `#EXT-X-MAP:URI="${fileUrl(id)}",BYTERANGE="${initBytes}@0"`);
      for (let offsetMs = 0; offsetMs < durationMs; offsetMs += 2000) {
        const wallMs = Date.parse(start) + offsetMs;
        const part = parts[(offsetMs / 2000) % parts.length];
        if (!part || wallMs + 2000 <= span.fromMs || wallMs >= span.toMs) continue;
        if (part === parts[0]) lines.push('#EXT-X-DISCONTINUITY');
        lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(wallMs).toISOString()}`, '#EXTINF:2.0,');
        lines.push(`#EXT-X-BYTERANGE:${part.length}@${part.offset}`, fileUrl(id));
      }
    }
    return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`;
  },
  exportSpan: () => mediaFile('export.mp4'),
};

const missing = (): never => {
  throw new Failure('not-found', 'There is no such recording.');
};

const health = (): Health => ({
  status: 'warning',
  claimed: state.claimed,
  version: '0.1.0',
  time: new Date().toISOString(),
  checks: [
    {
      id: 'camera.garage.frames',
      level: 'warning',
      message: 'Garage has sent no picture for 52 minutes.',
      action: 'Check its power and network cable.',
    },
    {
      id: 'network.mdns',
      level: 'note',
      message: 'The name kerberos.local is taken; this device is kerberos-2.local.',
      action: 'Choose another name in the settings.',
    },
    { id: 'storage.space', level: 'ok', message: '61 GB free of 119 GB.', value: 61, unit: 'GB' },
    { id: 'camera.front.frames', level: 'ok', message: 'Front door: newest picture 60 ms old.', value: 60, unit: 'ms' },
    { id: 'time.trust', level: 'ok', message: 'The clock is set by the network.' },
  ],
});

const system = (): System => ({
  deviceName: state.settings.deviceName,
  version: '0.1.0',
  localName: 'kerberos-2.local',
  addresses: ['192.168.1.12', 'fd00::12'],
  time: new Date().toISOString(),
  clock: 'set',
  timeZone: state.settings.timeZone,
  uptimeMs: 9.4 * 86_400_000,
  model: 'Raspberry Pi 5 Model B Rev 1.0',
  operatingSystem: 'balenaOS 6.4.2',
  cpuPercent: 13,
  temperatureCelsius: 51.5,
  memory: { totalBytes: 4.1e9, availableBytes: 3.2e9, processBytes: 148e6 },
  storage: {
    totalBytes: 119e9,
    freeBytes: 61e9,
    recordingsBytes: 49.3e9,
    reserveBytes: 2e9,
    recordings: past.recordings.length,
    oldest: past.recordings.at(-1)?.start ?? null,
    writtenPerVideoByte: 1.04,
  },
});

const pageOf = <T>(items: T[], limit: number) => ({ items: items.slice(0, limit), next: null });
const app = createApi({
  access,
  cameras: cameraPort,
  live: {
    watch,
    snapshot: async (id) => ({ jpeg: await pictureOf(id, 3, 960), ageMs: 80 }),
    mjpeg: async function* () {},
  },
  recordings,
  events: {
    query: async (query) => ({ events: pageOf(inSpan(past.events, query), query.limit).items, next: null }),
    get: async (id) => past.events.find((event: Event) => event.id === id) ?? missing(),
    picture: async (id) => pictureOf(id.split('-')[1] ?? '', Number(id.split('-').at(-1)) / 60_000, 640),
  },
  settings: {
    get: () => state.settings,
    change: async ({ storage, network, ...change }) => {
      Object.assign(state.settings, change);
      Object.assign(state.settings.storage, storage);
      Object.assign(state.settings.network, network);
      return state.settings;
    },
    fixedByEnvironment: () => ['storage.minFreeBytes'],
  },
  health: { short: () => ({ status: 'ok', claimed: state.claimed, version: '0.1.0' }), full: async () => health() },
  system: { describe: async () => system() },
  stream: {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  },
  metrics: { render: async () => '' },
  time: { wallMs: () => Date.now(), trust: () => 'set' },
  clock: systemClock,
  logger: createLogger('error'),
  portalDirectory: new URL('../../build/portal', import.meta.url).pathname,
  version: '0.1.0',
});

for (const name of ['SIGTERM', 'SIGINT'] as const)
  process.on(name, () => {
    for (const live of lives.values()) live.stop();
    process.exit(0);
  });
createAdaptorServer({ fetch: app.fetch, websocket: { server: new WebSocketServer({ noServer: true }) } }).listen(Number(port), '127.0.0.1');
