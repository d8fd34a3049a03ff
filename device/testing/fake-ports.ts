import { tmpdir } from 'node:os';
import type { AccessPort, ApiDeps, LiveViewer } from '#device/api/ports.ts';
import type { Camera, Event, StreamMessage } from '#device/contract/contract.ts';
import { Emitter } from '#device/kernel/emitter.ts';
import { type Logger, silentLogger } from '#device/kernel/logger.ts';
import { fakeAccess } from './fake-access.ts';
import { fakeControls, fakeDiscovery, fakeOnvif, fakeRelays } from './fake-discovery.ts';
import { fakeDisks } from './fake-disks.ts';
import { fakePins } from './fake-pin-port.ts';
import {
  type FakeNetwork,
  fakeCameras,
  fakeEvents,
  fakeLive,
  fakeNetwork,
  fakeRecordings,
  fakeSettings,
  fakeUpdates,
  fullHealth,
  shortHealth,
} from './fake-rooms.ts';
import { type FakeRecording, fakeCamera, fakeSystem } from './fake-things.ts';
import { fakeTimeLapse } from './fake-time-lapse.ts';
import { SimulatedClock } from './simulated-clock.ts';

/** Rooms that live in memory, for tests of the API and of what talks to it: what is put in comes out, nothing more. */
export interface FakePorts {
  deps: ApiDeps;
  clock: SimulatedClock;
  stream: Emitter<StreamMessage>;
  viewers: Set<LiveViewer>;
  /** Cameras whose pictures somebody takes as MJPEG at this moment. */
  mjpegReaders: Set<AbortSignal>;
  cameras: Map<string, Camera>;
  recordings: Map<string, FakeRecording>;
  events: Map<string, Event>;
  network: FakeNetwork;
  /** What the machine was told to do. */
  commands: string[];
  /** Lines of the level error. */
  errors: object[];
}

interface FakeOptions {
  access?: AccessPort;
  clock?: ApiDeps['clock'];
  portalDirectory?: string;
  allowedHosts?: readonly string[];
}

export function createFakePorts(options: FakeOptions = {}): FakePorts {
  const clock = new SimulatedClock();
  const stream = new Emitter<StreamMessage>();
  const fake: Omit<FakePorts, 'deps'> = {
    clock,
    stream,
    viewers: new Set(),
    mjpegReaders: new Set(),
    cameras: new Map([['front', fakeCamera('front')]]),
    recordings: new Map(),
    events: new Map(),
    network: { setupAddress: null, visits: 0, joined: [] },
    commands: [],
    errors: [],
  };
  const access = options.access ?? fakeAccess();
  const deps: ApiDeps = {
    access,
    cameras: fakeCameras(fake.cameras),
    discovery: fakeDiscovery(),
    controls: fakeControls(),
    onvif: fakeOnvif(),
    relays: fakeRelays(),
    live: fakeLive(fake),
    recordings: fakeRecordings(fake.recordings),
    timeLapse: fakeTimeLapse(),
    events: fakeEvents(fake.events),
    settings: fakeSettings(),
    health: { short: () => shortHealth(access), full: async () => fullHealth(access) },
    system: { describe: async () => fakeSystem, identify: () => {} },
    disks: fakeDisks(fake.commands),
    pins: fakePins(),
    network: fakeNetwork(fake.network),
    updates: fakeUpdates(fake.commands),
    stream: { subscribe: (listener) => stream.on(listener) },
    metrics: { render: async () => '# TYPE up gauge\nup 1\n' },
    time: { wallMs: () => clock.wall(), trust: () => 'set' },
    clock: options.clock ?? clock,
    logger: errorCollector(fake.errors),
    portalDirectory: options.portalDirectory ?? `${tmpdir()}/no-portal-here`,
    version: '0.0.0-test',
    ...(options.allowedHosts ? { allowedHosts: options.allowedHosts } : {}),
  };
  return { ...fake, deps };
}

function errorCollector(lines: object[]): Logger {
  const logger: Logger = { ...silentLogger, error: (fields) => lines.push(fields), child: () => logger };
  return logger;
}
