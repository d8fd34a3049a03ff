import { systemClock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { createLogger } from '#device/kernel/logger.ts';
import { volumeOf } from '#device/kernel/volume-space.ts';
import { nodeDisk } from '#device/recordings/disk.ts';
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
import { whereabouts, wishesOf } from './whereabouts.ts';

export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
  say(text: string): void;
  /** What stands on standard input; empty at a terminal. */
  typed(): string;
  signal: AbortSignal;
}

/** Of room; with less a database cannot be opened. */
const leastBytes = 262_144;

/** Runs one command and answers its exit status. */
export async function execute(line: CommandLine, surroundings: Surroundings): Promise<number> {
  const { say, signal } = surroundings;
  const place = whereabouts(line, surroundings.environment);
  const { isAppliance, root, isUsualRoot, ground } = place;
  const wishes = () => wishesOf(line, surroundings.environment, place);
  // Before anything is made. On an appliance nothing comes before what watches over releases.
  if (!isAppliance) wishes();
  const volume = { root, disk: nodeDisk(), clock: systemClock, mustBeMounted: isAppliance && isUsualRoot };
  const showProblem = async (failed?: Failure) => {
    const { host = anyAddress(), port } = wishes();
    return rescue({
      host,
      port,
      version: await readVersion(),
      clock: systemClock,
      logger: createLogger(ground.logLevel),
      problem: () => dataVolumeProblem(volume),
      ...(failed === undefined ? {} : { failed }),
      say,
      signal,
    });
  };
  switch (line.command) {
    case 'run':
      try {
        await run({ root, ground, demo: line.demo, isAppliance, wishes, say, signal });
        return 0;
      } catch (error) {
        const told = (await isFull(root)) ? fullToTheLastByte(error) : error;
        // Started again and again, a box without a screen would say nothing to anybody.
        const failed = isAppliance && !signal.aborted ? await storageFailure(told, () => dataVolumeProblem(volume)) : null;
        if (failed === null) throw told;
        return await showProblem(failed);
      }
    case 'rescue':
      return showProblem();
    case 'check':
      return check({ root, repair: line.repair, say });
    case 'doctor':
      return doctor({ root, port: wishes().port, say, signal });
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
  if (error instanceof Failure) return error.kind.startsWith('storage-') ? error : null;
  return volumeProblem();
}

/** Whatever a start fails with then, that is why. */
async function isFull(root: string): Promise<boolean> {
  const volume = await volumeOf(root).catch(() => null);
  return volume !== null && volume.freeBytes < leastBytes;
}

function fullToTheLastByte(cause: unknown): Failure {
  return new Failure('storage-full', 'The data volume is full to the last byte: the device cannot start.', {
    action: 'Something besides recordings fills it: make room on it. The device is tried again every few minutes.',
    cause,
  });
}

function fileOf({ command, operands }: CommandLine): string {
  const [file, ...more] = operands;
  if (file === undefined || more.length > 0) {
    throw new Failure('invalid-input', `Name one file to ${command}.`, { action: `See: scripts/kerberos ${command} --help` });
  }
  return file;
}
