import { fileURLToPath } from 'node:url';
import { createApi } from '#device/api/api.ts';
import { serveApi } from '#device/api/serve.ts';
import type { EventJournal } from '#device/events/journal.ts';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import { type Clock, systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { createLogger, type Logger } from '#device/kernel/logger.ts';
import type { Environment } from '#device/settings/environment.ts';
import { joinAlarms } from './alarms.ts';
import { Announcements } from './announcements.ts';
import { anyAddress } from './any-address.ts';
import { withDemo } from './demo.ts';
import { greeting } from './greeting.ts';
import { joinApi } from './join-api.ts';
import { joinCameras } from './join-cameras.ts';
import { OwnerStream } from './owner-stream.ts';
import { placesIn } from './places.ts';
import { readRelease } from './release.ts';
import { openRooms } from './rooms.ts';

export interface RunOptions {
  root: string;
  port: number;
  host?: string;
  demo: boolean;
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
  const stream = new OwnerStream();
  stream.join(rooms.journal, rooms.recordings);
  joinAlarms({ clock, logger, ...rooms });
  const announcements = new Announcements({ clock, logger, settings: rooms.settings, version: release.version });
  const { set, cameras, journal } = joinCameras({ clock, logger, rooms, stream });
  const { deps, health } = joinApi({ clock, logger, rooms, cameras, set, stream, announcements, release, portalDirectory });
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
  };
  const services = [rooms.time, rooms.recordings, rooms.live, health].map((service) =>
    service.run(background.signal).catch((error: unknown) => broken.abort(error)),
  );
  services.push(pruneEvents(rooms.journal, { clock, logger, signal: background.signal }));
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
    await rooms.close();
  }
  if (broken.signal.aborted) throw broken.signal.reason;
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
