import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, test } from 'vitest';
import type { InputUse, OutputUse } from '#device/contract/contract.ts';
import { Child } from '#device/kernel/child.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { findSimulatedChip } from '#device/testing/simulated-chip.ts';
import { dialectOf } from './gpiod-commands.ts';
import { openGpiodDriver } from './gpiod-driver.ts';
import { kernelTree } from './kernel-tree.ts';
import { openOnoffDriver } from './onoff-driver.ts';
import { PinBoard } from './pin-board.ts';
import type { PinDriverOpener } from './pin-driver.ts';
import { programOutput } from './program-output.ts';

const chip = findSimulatedChip();
const clock = systemClock;
const gpiod = chip === null ? null : dialectOf((await programOutput(clock, 'gpiodetect', ['--version'])) ?? '');
const hasGpiod = gpiod !== null;
const why = !existsSync('/sys/class/gpio') ? 'there is no /sys/class/gpio' : 'the kernel has no simulated chip (gpio-sim)';

const button: InputUse = {
  direction: 'input',
  kind: 'button',
  name: 'Button',
  activeLow: false,
  debounceMs: 20,
  recordCameraIds: [],
  recordMs: 1_000,
};
const relay: OutputUse = {
  direction: 'output',
  kind: 'relay',
  name: 'Relay',
  activeLow: true,
  mode: 'by-hand',
  cameraIds: [],
  pulseMs: 1_000,
};

const ways: [string, boolean, PinDriverOpener][] = [
  ['/sys/class/gpio', chip !== null, () => openOnoffDriver(kernelTree())],
  ['the programs of gpiod', hasGpiod, () => openGpiodDriver(clock)],
];
for (const [way, isThere] of ways)
  if (!isThere) process.stdout.write(`Pins by ${way} were not tried: ${chip ? 'gpiod is not installed' : why}.\n`);

describe.each(ways)('real pins by %s', (way, isThere, openDriver) => {
  const stop = new AbortController();
  let running = Promise.resolve();
  const holders: Child[] = [];
  afterEach(async () => {
    stop.abort();
    await running;
    for (const holder of holders) await holder.stop();
  });

  const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<number> => {
    const begun = performance.now();
    while (!(await isSo())) {
      if (performance.now() - begun > 20_000) throw new Error(`waited in vain until ${what}`);
      await clock.sleep(5);
    }
    return performance.now() - begun;
  };

  test.skipIf(!isThere)('are watched, switched, refused when taken, and left off', { timeout: 120_000 }, async () => {
    if (!chip) return;
    chip.drive(17, false);
    const told: string[] = [];
    const board = new PinBoard({
      clock,
      logger: silentLogger,
      openDriver,
      journal: { begin: (_key, { message }) => told.push(message), end: () => {}, record: () => {} },
      record: () => {},
      resetHeld: () => {},
      changed: () => {},
    });
    if (gpiod) {
      const held = gpiod.set({ chip: (await chipName()) ?? '', line: 20, activeLow: false }, true);
      const holder = new Child(
        'gpioset',
        held.filter((arg) => !arg.startsWith('--consumer')),
        { clock },
      );
      holders.push(holder);
      await until('another program has GPIO20', () => chip.isHigh(20));
    }
    running = board.run(stop.signal);
    await until('the chip is found', async () => (await board.facts()).chip !== null);
    await board.apply([{ line: 17, use: button }, { line: 18, use: relay }, ...(hasGpiod ? [{ line: 20, use: button }] : [])]);
    expect(await board.pin(17)).toMatchObject({ active: false, problem: null });
    expect(chip.isHigh(18)).toBe(true);
    chip.drive(17, true);
    const seenMs = await until('the button is seen', () => told.length > 0);
    expect(told).toEqual(['Button was pressed.']);
    await board.switch(18, true, 'owner');
    expect(chip.isHigh(18)).toBe(false);
    if (hasGpiod) expect((await board.pin(20)).problem?.message).toMatch(/^GPIO20 (belongs to|is taken by)/);
    stop.abort();
    await running;
    // Nobody can hold a line for a program that has ended: through gpiod it is let go.
    if (way === '/sys/class/gpio') expect(chip.isHigh(18)).toBe(true);
    process.stdout.write(`A pressed button was seen after ${Math.round(seenMs)} ms.\n`);
  });
});

async function chipName(): Promise<string | undefined> {
  const lines = ((await programOutput(clock, 'gpiodetect', [])) ?? '').split('\n');
  return lines.find((line) => line.includes('(54 lines)'))?.split(' ')[0];
}
