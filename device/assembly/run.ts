import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createApi } from '#device/api/api.ts';
import { serveApi } from '#device/api/serve.ts';
import type { EventJournal } from '#device/events/journal.ts';
import { createMachine } from '#device/health/system.ts';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import { type Clock, systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { createLogger, type Logger } from '#device/kernel/logger.ts';
import type { Environment } from '#device/settings/environment.ts';
import { joinAlarms } from './alarms.ts';
import { Announcements } from './announcements.ts';
import { withDemo } from './demo.ts';
import { greeting } from './greeting.ts';
import { joinApi } from './join-api.ts';
import { joinCameras } from './join-cameras.ts';
import { joinDiscovery } from './join-discovery.ts';
import { joinHardware } from './join-hardware.ts';
import { joinNetwork } from './join-network.ts';
import { OwnerStream } from './owner-stream.ts';
import { type Places, placesIn } from './places.ts';
import { type Release, readRelease } from './release.ts';
import { openRooms, type Rooms } from './rooms.ts';

export interface RunOptions {
  root: string;
  port: number;
  host?: string;
  demo: boolean;
  /** The machine is for this alone. */
  isAppliance: boolean;
  environment: Environment;
  say(text: string): void;
  signal: AbortSignal;
}

const portalDirectory = fileURLToPath(new URL('../../build/portal', import.meta.url));
const pruneIntervalMs = 3_600_000;

/** The device, until the signal is aborted; then every recording is closed before it returns. */
export async function run(options: RunOptions): Promise<void> {
  const clock = systemClock;
  const logger = createLogger(options.environment.process.logLevel ?? 'info');
  const release = await readRelease();
  const places = placesIn(options.root);
  await makeRoot(places.root);
  for (const note of options.environment.notes) logger.warn({}, note);
  const { environment } = options;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const rooms = await openRooms({
    clock,
    logger,
    places,
    releasedMs: release.releasedMs,
    timeZone,
    environment: options.demo ? (stored) => withDemo(environment, stored) : environment,
  });
  const background = new AbortController();
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const joined = await joinRooms(options, { clock, logger, places, rooms, release });
  const { set, journal, found, network, hardware, announcements, deps, health } = joined;
  const onListening = ({ port }: { port: number }): void => {
    options.say(
      greeting({
        version: release.version,
        port,
        host: options.host,
        claimed: rooms.access.isClaimed(),
        hostName: rooms.settings.get().network.hostName,
      }),
    );
    services.push(announcements.run(port, background.signal));
    hardware.started();
  };
  const heart = { run: hardware.beat };
  const services = [rooms.time, rooms.recordings, rooms.live, health, found.watch, hardware, heart].map((service) =>
    service.run(background.signal).catch((error: unknown) => broken.abort(error)),
  );
  services.push(network.run(background.signal), pruneEvents(rooms.journal, { clock, logger, signal: background.signal }));
  try {
    await set.reconcile(rooms.settings.cameras());
    const serving = serveApi(
      { app: createApi(deps), deps, host: options.host ?? anyAddress(), port: options.port, logger, onListening },
      signal,
    );
    await Promise.all([set.run(signal), serving.catch((error: unknown) => broken.abort(error))]);
  } finally {
    background.abort();
    await Promise.allSettled(services);
    await journal.settled();
    await hardware.settled();
    await rooms.close();
    await hardware.close();
  }
  if (broken.signal.aborted) throw broken.signal.reason;
}

interface Opened {
  clock: Clock;
  logger: Logger;
  places: Places;
  rooms: Rooms;
  release: Release;
}

/** The rooms, joined to one another. Nothing runs yet. */
async function joinRooms(options: RunOptions, opened: Opened) {
  const { clock, logger, rooms, release } = opened;
  const stream = new OwnerStream();
  stream.join(rooms.journal, rooms.recordings);
  joinAlarms({ clock, logger, ...rooms });
  const announcements = new Announcements({ clock, logger, rooms, version: release.version });
  const { set, cameras, journal, spare } = joinCameras({ clock, logger, rooms, stream });
  const found = joinDiscovery({ clock, logger, rooms, set, cameras });
  const network = joinNetwork({ ...options, clock, logger, rooms, set });
  const machine = createMachine(clock);
  const { isAppliance, environment } = options;
  const allowedHosts = environment.process.allowedHosts ?? [];
  const hardware = await joinHardware({ ...opened, set, spare, stream, machine, isAppliance, resetFile: environment.process.resetFile });
  const { deps, health } = joinApi({
    ...{
      clock,
      logger,
      rooms,
      cameras,
      set,
      found,
      network,
      stream,
      announcements,
      machine,
      hardware,
      release,
      portalDirectory,
      allowedHosts,
    },
  });
  return { set, journal, found, network, hardware, announcements, deps, health };
}

async function pruneEvents(
  journal: EventJournal,
  { clock, logger, signal }: { clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await journal
      .prune(Number.NEGATIVE_INFINITY)
      .catch((error: unknown) => logger.error({ err: error }, 'old events could not be forgotten'));
    await clock.sleep(pruneIntervalMs, signal).catch(() => {});
  }
}

async function makeRoot(root: string): Promise<void> {
  await makeDirectory(root, { mode: 0o700 }).catch((cause: unknown) => {
    throw new Failure('storage-failed', `The data folder ${root} cannot be made.`, {
      action: 'Choose another with --data, or check the disk and the rights of this user.',
      cause,
    });
  });
}

/** Both kinds of addresses where the machine has both. */
function anyAddress(): string {
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some((address) => address.family === 'IPv6'));
  return hasIpv6 ? '::' : '0.0.0.0';
}
