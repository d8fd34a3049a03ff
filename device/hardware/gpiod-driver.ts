import { createInterface } from 'node:readline';
import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Failure } from '#device/kernel/failure.ts';
import { getArguments, headerChipIn, isKnownGpiod, monitorArguments, setArguments } from './gpiod-commands.ts';
import { type OpenInput, type OpenOutput, type PinDriver, pinFailure } from './pin-driver.ts';
import { ownersInGpioinfo } from './pin-owners.ts';
import { programOutput } from './program-output.ts';

/** A program that was refused its line has ended by then. */
const refusalMs = 300;

/** The pins by the programs of gpiod, for kernels without /sys/class/gpio; null where they are not installed or know no such chip. */
export async function openGpiodDriver(clock: Clock): Promise<PinDriver | null> {
  const version = await programOutput(clock, 'gpiodetect', ['--version']);
  if (version === null || !isKnownGpiod(version)) return null;
  const chip = headerChipIn((await programOutput(clock, 'gpiodetect', [])) ?? '');
  if (!chip) return null;
  return {
    through: 'gpiod',
    chip: chip.label,
    owners: async () => ownersInGpioinfo((await programOutput(clock, 'gpioinfo', [chip.name])) ?? ''),
    openInput: (line, options, changed) => openInput(clock, { chip: chip.name, line, ...options }, changed),
    openOutput: (line, options) => openOutput(clock, { chip: chip.name, line, ...options }),
  };
}

type Line = Parameters<typeof getArguments>[0];

async function openInput(clock: Clock, line: Line, changed: (active: boolean) => void): Promise<OpenInput> {
  // Nobody can ask for a line's level while somebody watches it.
  const first = await programOutput(clock, 'gpioget', getArguments(line));
  if (first === null) throw refused(line.line, null);
  let active = first.trim() === '1';
  const child = new Child('gpiomon', monitorArguments(line), { clock });
  createInterface({ input: child.stdout }).on('line', (text) => {
    active = text.trim() === '1';
    changed(active);
  });
  await heldLine(clock, child, line.line);
  const lost = child.exited.then(({ error }) => {
    throw refused(line.line, error);
  });
  lost.catch(() => {});
  return {
    active: () => active,
    lost,
    close: async () => {
      await child.stop();
    },
  };
}

async function openOutput(clock: Clock, line: Line): Promise<OpenOutput> {
  const hold = async (on: boolean): Promise<Child> => {
    const child = new Child('gpioset', setArguments(line, on), { clock });
    await heldLine(clock, child, line.line);
    return child;
  };
  let holder = await hold(false);
  const change = async (on: boolean): Promise<void> => {
    await holder.stop();
    holder = await hold(on);
  };
  return {
    set: change,
    close: async () => {
      await change(false);
      await holder.stop();
    },
  };
}

async function heldLine(clock: Clock, child: Child, line: number): Promise<void> {
  const timer = new AbortController();
  const patience = clock.sleep(refusalMs, timer.signal).then(
    () => null,
    () => null,
  );
  const exit = await Promise.race([child.exited, patience]);
  timer.abort();
  if (exit) throw refused(line, exit.error ?? new Error(child.stderrTail().trim()));
}

function refused(line: number, cause: Error | null): Failure {
  return pinFailure(line, cause?.message.includes('busy') ? Object.assign(new Error(cause.message), { code: 'EBUSY' }) : cause);
}
