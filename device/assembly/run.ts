import { createApi } from '#device/api/api.ts';
import { serveApi } from '#device/api/serve.ts';
import type { EventJournal } from '#device/events/journal.ts';
import { createMachine } from '#device/health/system.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Ground } from '#device/settings/environment.ts';
import { joinAlarms } from './alarms.ts';
import { Announcements } from './announcements.ts';
import { anyAddress } from './any-address.ts';
import { beginWatch, type Watched } from './begin-watch.ts';
import { withDemo } from './demo.ts';
import { greeting } from './greeting.ts';
import { joinApi } from './join-api.ts';
import { joinCameras } from './join-cameras.ts';
import { joinDiscovery } from './join-discovery.ts';
import { type JoinedDisks, joinDisks } from './join-disks.ts';
import { joinHardware } from './join-hardware.ts';
import { joinNetwork } from './join-network.ts';
import { OwnerStream } from './owner-stream.ts';
import { withRecordingPlace } from './places.ts';
import { portalDirectory } from './release.ts';
import { openRooms, type Rooms, type RoomsOptions } from './rooms.ts';
import type { Wishes } from './whereabouts.ts';

interface RunOptions {
  root: string;
  ground: Ground;
  demo: boolean;
  /** The machine is for this alone. */
  isAppliance: boolean;
  /** Read only when this start was counted: a release may stumble over them. */
  wishes(): Wishes;
  say(text: string): void;
  signal: AbortSignal;
}

const pruneIntervalMs = 3_600_000;

/** The device, until the signal is aborted; then every recording is closed before it returns. */
export async function run(options: RunOptions): Promise<void> {
  const watched = await beginWatch(options);
  const { fleet, logger } = watched;
  const watching = new AbortController();
  const gate = fleet.run(watching.signal);
  try {
    const wishes = options.wishes();
    const { notes, unusable } = wishes.environment;
    for (const note of [...notes, ...unusable.map(({ note }) => note)]) logger.warn({}, note);
    await runWatched({ ...options, ...wishes, ...watched, places: await withRecordingPlace(watched.places) });
  } catch (error) {
    if (!options.signal.aborted) await fleet.lastWord();
    throw error;
  } finally {
    watching.abort();
    await gate;
  }
}

type WatchedOptions = Omit<RunOptions, 'wishes'> & Wishes & Watched;

async function runWatched(options: WatchedOptions): Promise<void> {
  const { logger, release, fleet } = options;
  const leaving = new AbortController();
  const disks = await joinDisks({ ...options, startAnew: () => leaving.abort() });
  const rooms = await fleet.whileBusy('start', () => openRooms(roomsOptions(options)));
  const background = new AbortController();
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, leaving.signal, broken.signal]);
  const joined = await joinRooms({ ...options, disks }, rooms);
  const { set, journal, found, network, hardware, timeLapse, announcements, deps, health } = joined;
  const chosen = options.places.recordingDisk === null ? null : disks.port;
  fleet.join({ rooms, disks: chosen, cameras: joined.cameras, health, lacksCameras: options.environment.lacksCameras });
  const onListening = ({ port }: { port: number }): void => {
    fleet.listening(options.host, port);
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
  const link = { run: (until: AbortSignal) => fleet.runLink(until) };
  const services = [
    options.ballast,
    disks,
    rooms.time,
    rooms.recordings,
    rooms.live,
    health,
    found.watch,
    found.events,
    hardware,
    timeLapse,
    heart,
    link,
  ].map((service) => service.run(background.signal).catch((error: unknown) => broken.abort(error)));
  services.push(network.run(background.signal), pruneEvents(rooms.journal, { ...options, signal: background.signal }));
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

/** The rooms, joined to one another. Nothing runs yet. */
async function joinRooms(options: WatchedOptions & { disks: JoinedDisks }, rooms: Rooms) {
  const { clock, logger, release, places, fleet, disks } = options;
  const stream = new OwnerStream();
  stream.join(rooms.journal, rooms.recordings);
  joinAlarms({ clock, logger, ...rooms });
  const announcements = new Announcements({ clock, logger, rooms, version: release.version });
  const { set, cameras, journal, timeLapse, spare } = joinCameras({ clock, logger, rooms, stream, places });
  const found = joinDiscovery({ clock, logger, rooms, set, cameras });
  const network = joinNetwork({ ...options, clock, logger, rooms, set });
  const machine = createMachine(clock);
  const { isAppliance, environment } = options;
  const {
    process: { allowedHosts = [], resetFile },
    unusable,
  } = environment;
  const isUpdating = () => fleet.updates.isUpdateWaiting;
  const isSetupOpen = () => network.port.setup() !== null;
  const hardware = await joinHardware({
    clock,
    logger,
    places,
    rooms,
    isUpdating,
    isSetupOpen,
    set,
    spare,
    stream,
    machine,
    isAppliance,
    resetFile,
  });
  const { deps, health } = joinApi({
    ...{
      clock,
      logger,
      rooms,
      cameras,
      timeLapse,
      set,
      found,
      network,
      disks,
      stream,
      announcements,
      machine,
      hardware,
      fleet,
      release,
      portalDirectory,
      allowedHosts,
      unusable,
    },
  });
  return { set, cameras, journal, timeLapse, found, network, hardware, announcements, deps, health };
}

function roomsOptions({ clock, logger, release, places, environment, demo }: WatchedOptions): RoomsOptions {
  return {
    clock,
    logger,
    places,
    version: release.version,
    releasedMs: release.releasedMs,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // Who has cameras that cannot be made out wants no made-up one among their own.
    environment: demo && !environment.lacksCameras ? (stored) => withDemo(environment, stored) : environment,
  };
}

function pruneEvents(
  journal: EventJournal,
  { clock, logger, signal }: { clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<void> {
  return every(clock, pruneIntervalMs, signal, async () => {
    await journal
      .prune(Number.NEGATIVE_INFINITY)
      .catch((error: unknown) => logger.error({ err: error }, 'old events could not be forgotten'));
  });
}
