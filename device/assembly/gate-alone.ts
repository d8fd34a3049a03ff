import type { CommandLine } from './arguments.ts';
import { beginWatch } from './begin-watch.ts';
import { whereabouts } from './whereabouts.ts';

/**
 * The device cannot even be loaded: this start is counted against its release, and when there were too many the fleet is asked for the one
 * before. Must itself load where nothing that is compiled for a machine does.
 */
export async function judgeUnloadable(line: CommandLine, variables: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { fleet } = await beginWatch(whereabouts(line, variables));
  await fleet.lastWord();
}
