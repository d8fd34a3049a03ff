import { systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { createLogger } from '#device/kernel/logger.ts';
import { nodeDisk } from '#device/recordings/disk.ts';
import type { Environment } from '#device/settings/environment.ts';
import { anyAddress } from './any-address.ts';
import type { CommandLine } from './arguments.ts';
import { backup } from './commands/backup.ts';
import { check } from './commands/check.ts';
import { doctor } from './commands/doctor.ts';
import { rescue } from './commands/rescue.ts';
import { resetPassword } from './commands/reset-password.ts';
import { restoreStopped } from './commands/restore.ts';
import { dataVolumeProblem } from './data-volume.ts';
import { readVersion } from './release.ts';
import { run } from './run.ts';
import { whereabouts } from './whereabouts.ts';

export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
  say(text: string): void;
  /** What stands on standard input; empty at a terminal. */
  typed(): string;
  signal: AbortSignal;
}

/** Runs one command and answers its exit status. */
export async function execute(line: CommandLine, surroundings: Surroundings): Promise<number> {
  const { say, signal } = surroundings;
  const { environment, isAppliance, root, isUsualRoot } = whereabouts(line, surroundings.environment);
  const port = line.port ?? environment.process.port ?? (isAppliance ? 80 : 8080);
  const host = hostOf(line, environment);
  const volume = { root, disk: nodeDisk(), clock: systemClock, mustBeMounted: isAppliance && isUsualRoot };
  const showProblem = async (failed?: Failure) =>
    rescue({
      host: host.host ?? anyAddress(),
      port,
      version: await readVersion(),
      clock: systemClock,
      logger: createLogger(environment.process.logLevel ?? 'info'),
      problem: () => dataVolumeProblem(volume),
      ...(failed === undefined ? {} : { failed }),
      say,
      signal,
    });
  switch (line.command) {
    case 'run':
      try {
        await run({ root, port, ...host, demo: line.demo, isAppliance, environment, say, signal });
        return 0;
      } catch (error) {
        // Started again and again, a box without a screen would say nothing to anybody.
        const failed = isAppliance && !signal.aborted ? await storageFailure(error, () => dataVolumeProblem(volume)) : null;
        if (failed === null) throw error;
        return await showProblem(failed);
      }
    case 'rescue':
      return showProblem();
    case 'check':
      return check({ root, repair: line.repair, say });
    case 'doctor':
      return doctor({ root, port, say, signal });
    case 'backup':
      say(await backup(root, fileOf(line)));
      return 0;
    case 'restore':
      say(await restoreStopped(root, fileOf(line)));
      return 0;
    case 'reset-password':
      say(await resetPassword({ root, typed: surroundings.typed(), ...(line.user === undefined ? {} : { user: line.user }) }));
      return 0;
  }
}

/** Of what ended the device, whether it was the storage. */
async function storageFailure(error: unknown, volumeProblem: () => Promise<Failure | null>): Promise<Failure | null> {
  if (error instanceof Failure) return error.kind === 'storage-failed' ? error : null;
  return volumeProblem();
}

function hostOf(line: CommandLine, environment: Environment): { host?: string } {
  const host = line.host ?? environment.process.host;
  return host === undefined ? {} : { host };
}

function fileOf({ command, operands }: CommandLine): string {
  const [file, ...more] = operands;
  if (file === undefined || more.length > 0) {
    throw new Failure('invalid-input', `Name one file to ${command}.`, { action: `See: scripts/kerberos ${command} --help` });
  }
  return file;
}
