import { systemClock } from '#device/kernel/clock.ts';
import { createLogger } from '#device/kernel/logger.ts';
import type { CommandLine } from './arguments.ts';
import { openFleet } from './fleet.ts';
import { makeRoot, placesIn } from './places.ts';
import { readRelease } from './release.ts';
import { whereabouts } from './whereabouts.ts';

/**
 * The device cannot even be loaded: this start is counted against its release, and when there were too many the fleet is asked for the one
 * before. Must itself load where nothing that is compiled for a machine does.
 */
export async function judgeUnloadable(line: CommandLine, variables: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { environment, root } = whereabouts(line, variables);
  const logger = createLogger(environment.process.logLevel ?? 'info');
  await makeRoot(root);
  const release = await readRelease();
  const fleet = await openFleet({ clock: systemClock, logger, places: placesIn(root), release, balena: environment.balena });
  await fleet.lastWord();
}
