import { Ballast } from '#device/kernel/ballast.ts';
import { type Clock, systemClock } from '#device/kernel/clock.ts';
import { createLogger, type Logger } from '#device/kernel/logger.ts';
import { type Fleet, openFleet } from './fleet.ts';
import { makeRoot, type Places, placesIn } from './places.ts';
import { type Release, readRelease } from './release.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface Watched {
  clock: Clock;
  logger: Logger;
  release: Release;
  places: Places;
  fleet: Fleet;
  ballast: Ballast;
}

/** What every start begins with, before anything that a release could break: room to write at all, and it is written down that this release started. */
export async function beginWatch({ root, ground }: Pick<Whereabouts, 'root' | 'ground'>): Promise<Watched> {
  const clock = systemClock;
  const logger = createLogger(ground.logLevel);
  const release = await readRelease();
  const places = placesIn(root);
  await makeRoot(places.root);
  const ballast = new Ballast({ file: places.ballastFile, clock, logger });
  await ballast.drop();
  const fleet = await openFleet({ clock, logger, places, release, balena: ground.balena });
  return { clock, logger, release, places, fleet, ballast };
}
