import { type Clock, systemClock } from '#device/kernel/clock.ts';
import { createLogger, type Logger } from '#device/kernel/logger.ts';
import type { Environment } from '#device/settings/environment.ts';
import { type Fleet, openFleet } from './fleet.ts';
import { makeRoot, type Places, placesIn } from './places.ts';
import { type Release, readRelease } from './release.ts';

export interface Watched {
  clock: Clock;
  logger: Logger;
  release: Release;
  places: Places;
  fleet: Fleet;
}

/** What every start begins with, before anything that a release could break: it is written down that this release started. */
export async function beginWatch(root: string, environment: Environment): Promise<Watched> {
  const clock = systemClock;
  const logger = createLogger(environment.process.logLevel ?? 'info');
  const release = await readRelease();
  const places = placesIn(root);
  await makeRoot(places.root);
  const fleet = await openFleet({ clock, logger, places, release, balena: environment.balena });
  return { clock, logger, release, places, fleet };
}
