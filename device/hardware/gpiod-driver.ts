import { createInterface } from 'node:readline';
import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Failure } from '#device/kernel/failure.ts';
import { within } from '#device/kernel/within.ts';
import { dialectOf, type GpiodDialect, headerChipIn, type Line } from './gpiod-commands.ts';
import { type OpenInput, type OpenOutput, type PinDriver, pinFailure } from './pin-driver.ts';
import { programOutput } from './program-output.ts';

/** A program that was refused its line has ended by then. */
const refusalMs = 300;

/** The pins by the programs of gpiod, for kernels without /sys/class/gpio; null where they are not installed or know no such chip. */
export async function openGpiodDriver(clock: Clock): Promise<PinDriver | null> {
  const version = await programOutput(clock, 'gpiodetect', ['--version']);
  const dialect = version === null ? null : dialectOf(version);
  if (!dialect) return null;
  const chip = headerChipIn((await programOutput(clock, 'gpiodetect', [])) ?? '');
  if (!chip) return null;
  return {
    through: 'gpiod',
    chip: chip.label,
    owners: async () => dialect.owners((await programOutput(clock, 'gpioinfo', dialect.info(chip.name))) ?? ''),
    openInput: (line, options, changed) => openInput({ clock, dialect }, { chip: chip.name, line, ...options }, changed),
    openOutput: (line, options) => openOutput({ clock, dialect }, { chip: chip.name, line, ...options }),
  };
}

interface Gpiod {
  clock: Clock;
  dialect: GpiodDialect;
}

async function openInput({ clock, dialect }: Gpiod, line: Line, changed: (active: boolean) => void): Promise<OpenInput> {
  // Nobody can ask for a line's level while somebody watches it.
  const first = await programOutput(clock, 'gpioget', dialect.get(line));
  if (first === null) throw refused(line.line, null);
  let active = first.trim() === '1';
  const child = new Child('gpiomon', dialect.monitor(line), { clock });
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

async function openOutput({ clock, dialect }: Gpiod, line: Line): Promise<OpenOutput> {
  const hold = async (on: boolean): Promise<Child> => {
    const child = new Child('gpioset', dialect.set(line, on), { clock });
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
  if (!(await within(clock, refusalMs, child.exited))) return;
  const { error } = await child.exited;
  throw refused(line, error ?? new Error(child.stderrTail().trim()));
}

function refused(line: number, cause: Error | null): Failure {
  return pinFailure(line, cause?.message.includes('busy') ? Object.assign(new Error(cause.message), { code: 'EBUSY' }) : cause);
}
