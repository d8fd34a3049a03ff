import type { TimedJpeg } from '#device/api/camera-ports.ts';
import type {
  AccessPort,
  CamerasPort,
  EventsPort,
  LivePort,
  LiveViewer,
  NetworkPort,
  RecordingsPort,
  SettingsPort,
  UpdatesPort,
} from '#device/api/ports.ts';
import {
  type Camera,
  type DeviceSettings,
  defaultHardwareSettings,
  type Event,
  type Health,
  type ShortHealth,
} from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type FakeRecording, fakeCamera, fakeFile, fakeInstant, fakeJpeg, fakeProbeResult } from './fake-things.ts';

function found<T>(map: ReadonlyMap<string, T>, id: string, what: string): T {
  const value = map.get(id);
  if (value === undefined) throw new Failure('not-found', `There is no such ${what}.`);
  return value;
}

export function fakeCameras(cameras: Map<string, Camera>): CamerasPort {
  const changed = (id: string, change: Partial<Camera>) => {
    const camera = { ...found(cameras, id, 'camera'), ...change };
    cameras.set(id, camera);
    return camera;
  };
  const setRecording = (id: string, recordingNow: boolean) => {
    changed(id, { status: { ...found(cameras, id, 'camera').status, recordingNow } });
  };
  return {
    list: () => [...cameras.values()],
    get: (id) => found(cameras, id, 'camera'),
    add: async ({ name }) => {
      const camera = fakeCamera(name.toLowerCase());
      cameras.set(camera.id, { ...camera, name });
      return { ...camera, name };
    },
    change: async (id, { name }) => changed(id, name === undefined ? {} : { name }),
    remove: async (id) => {
      if (!cameras.delete(id)) throw new Failure('not-found', 'There is no such camera.');
    },
    restart: async (id) => found(cameras, id, 'camera'),
    record: async (id) => setRecording(id, true),
    stopRecording: async (id) => setRecording(id, false),
    still: async (id) => {
      found(cameras, id, 'camera');
      return fakeJpeg;
    },
    probe: async (source, signal) => {
      if (source.kind === 'rtsp' && source.url.includes('silent')) await aborted(signal);
      return fakeProbeResult;
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

interface LiveState {
  cameras: ReadonlyMap<string, Camera>;
  viewers: Set<LiveViewer>;
  mjpegReaders: Set<AbortSignal>;
}

export function fakeLive(fake: LiveState): LivePort {
  const picture: TimedJpeg = { jpeg: fakeJpeg, ageMs: 123.4 };
  return {
    watch: (_cameraId, viewer) => {
      fake.viewers.add(viewer);
      return () => {
        fake.viewers.delete(viewer);
      };
    },
    snapshot: async (cameraId) => {
      found(fake.cameras, cameraId, 'camera');
      return picture;
    },
    mjpeg: async function* (_cameraId, signal) {
      fake.mjpegReaders.add(signal);
      try {
        while (!signal.aborted) {
          yield picture;
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        fake.mjpegReaders.delete(signal);
      }
    },
  };
}

export function fakeRecordings(recordings: Map<string, FakeRecording>): RecordingsPort {
  return {
    query: async ({ limit }) => ({ recordings: [...recordings.values()].slice(0, limit).map(({ recording }) => recording), next: null }),
    get: async (id) => found(recordings, id, 'recording').recording,
    file: async (id) => fakeFile(`${id}.mp4`, found(recordings, id, 'recording').bytes),
    thumbnail: async (id) => (found(recordings, id, 'recording') ? fakeJpeg : null),
    setProtected: async (id, isProtected) => {
      const { recording, bytes } = found(recordings, id, 'recording');
      const changed = { ...recording, protected: isProtected };
      recordings.set(id, { recording: changed, bytes });
      return changed;
    },
    remove: async (id) => {
      if (!recordings.delete(id)) throw new Failure('not-found', 'There is no such recording.');
    },
    coverage: async () =>
      [...recordings.values()].map(({ recording }) => ({
        start: fakeInstant,
        end: fakeInstant,
        trigger: recording.trigger,
        recordingId: recording.id,
      })),
    days: async () => (recordings.size > 0 ? ['2026-01-05'] : []),
    playlist: async (_span, fileUrl) => ['#EXTM3U', ...[...recordings.keys()].map(fileUrl)].join('\n'),
    exportSpan: async () => {
      const [first] = recordings.values();
      if (!first) throw new Failure('not-found', 'Nothing was recorded then.');
      return fakeFile('Überblick vorn.mp4', first.bytes);
    },
  };
}

export function fakeEvents(events: Map<string, Event>): EventsPort {
  return {
    query: async ({ limit }) => ({ events: [...events.values()].slice(0, limit), next: null }),
    get: async (id) => found(events, id, 'event'),
    picture: async (id) => (found(events, id, 'event').hasPicture ? fakeJpeg : null),
  };
}

export interface FakeNetwork {
  /** Of the own access point; null while it is closed. */
  setupAddress: string | null;
  visits: number;
  joined: string[];
}

export function fakeNetwork(fake: FakeNetwork): NetworkPort {
  return {
    describe: async () => ({ problem: null, links: [], known: ['Home'], join: null, setup: null }),
    peers: () => [{ name: 'Barn', url: 'http://192.168.1.21', version: '1.2.3', own: false }],
    scan: async () => [{ ssid: 'Home', strengthPercent: 70, security: 'wpa', known: true, connected: false }],
    join: async ({ ssid }) => {
      fake.joined.push(ssid);
      return { ssid, phase: 'joining', message: null, action: null };
    },
    forget: async (ssid) => {
      if (ssid !== 'Home') throw new Failure('not-found', 'There is no such network.');
    },
    setup: () => (fake.setupAddress === null ? null : { address: fake.setupAddress }),
    visited: () => {
      fake.visits += 1;
    },
  };
}

export function fakeSettings(): SettingsPort {
  let settings: DeviceSettings = {
    deviceName: 'Kerberos',
    timeZone: 'Europe/Brussels',
    storage: { maxBytes: null, minFreeBytes: 1_000_000_000, maxAgeDays: null },
    network: { hostName: 'kerberos', announce: true, timeServers: [] },
    hardware: defaultHardwareSettings,
  };
  return {
    get: () => settings,
    change: async ({ deviceName = settings.deviceName, timeZone = settings.timeZone }) => {
      settings = { ...settings, deviceName, timeZone };
      return settings;
    },
    fixedByEnvironment: () => ['network.hostName'],
  };
}

export function fakeUpdates(commands: string[]): UpdatesPort {
  const told = (command: string) => async () => {
    commands.push(command);
  };
  return {
    status: async () => ({
      state: 'downloading',
      version: '0.0.0-test',
      release: 'c0ffee',
      progressPercent: 43,
      operatingSystem: 'balenaOS 6.4.0',
      lastUpdate: { outcome: 'worked', fromVersion: '0.0.0', toVersion: '0.0.0-test', started: fakeInstant, message: 'It works.' },
      refusedVersion: null,
      canCommand: true,
    }),
    lookForUpdate: told('look for update'),
    reboot: told('reboot'),
    shutdown: told('shutdown'),
    restart: told('restart'),
    blink: told('blink'),
  };
}

export function shortHealth(access: AccessPort): ShortHealth {
  return { status: 'ok', claimed: access.isClaimed(), version: '0.0.0-test' };
}

export function fullHealth(access: AccessPort): Health {
  return {
    ...shortHealth(access),
    time: fakeInstant,
    checks: [{ id: 'storage.space', level: 'ok', message: '12 GB free', value: 12, unit: 'GB' }],
  };
}
