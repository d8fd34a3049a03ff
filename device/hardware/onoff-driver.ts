import type { Gpio as OnoffGpio } from 'onoff';
import { Failure } from '#device/kernel/failure.ts';
import { findSysfsChip } from './gpio-chip.ts';
import type { KernelTree } from './kernel-tree.ts';
import { type OpenInput, type OpenOutput, type PinDriver, pinFailure } from './pin-driver.ts';
import { ownersInDebugGpio, ownersInPinmux } from './pin-owners.ts';

type GpioClass = typeof OnoffGpio;

/** The pins by /sys/class/gpio. The package asks the real /sys, wherever `tree` looks; null where the kernel no longer has it. */
export async function openOnoffDriver(tree: KernelTree, loadGpio: () => Promise<GpioClass> = loadOnoff): Promise<PinDriver | null> {
  const chip = await findSysfsChip(tree);
  if (!chip) return null;
  const Gpio = await loadGpio();
  if (!Gpio.accessible) return null;
  return {
    through: 'sysfs',
    chip: chip.label,
    owners: () => ownersFrom(tree, chip.label),
    openInput: async (line, options, changed) => openInput(Gpio, { line, number: chip.base + line, ...options }, changed),
    openOutput: async (line, options) => openOutput(Gpio, { line, number: chip.base + line, ...options }),
  };
}

/** Only where there are pins: its native part need not be built for machines without. */
async function loadOnoff(): Promise<GpioClass> {
  const { Gpio } = await import('onoff');
  return Gpio;
}

interface Place {
  line: number;
  number: number;
  activeLow: boolean;
}

function openInput(Gpio: GpioClass, { line, number, activeLow }: Place, changed: (active: boolean) => void): OpenInput {
  const lost = Promise.withResolvers<never>();
  // Whoever does not wait for it must not be ended by it.
  lost.promise.catch(() => {});
  const gpio = tried(line, () => new Gpio(number, 'in', 'both', { activeLow }));
  gpio.watch((error, value) => {
    if (error) lost.reject(pinFailure(line, error));
    else changed(value === 1);
  });
  return {
    active: () => tried(line, () => gpio.readSync()) === 1,
    lost: lost.promise,
    close: async () => gpio.unexport(),
  };
}

function openOutput(Gpio: GpioClass, { line, number, activeLow }: Place): OpenOutput {
  // "high" and "low" are the levels of the wire, whatever `activeLow` says: off from the first moment on.
  const gpio = tried(line, () => new Gpio(number, activeLow ? 'high' : 'low', 'none', { activeLow }));
  return {
    set: async (on) => tried(line, () => gpio.writeSync(on ? 1 : 0)),
    close: async ({ giveBack }) => {
      try {
        gpio.writeSync(0);
      } finally {
        if (giveBack) gpio.unexport();
      }
    },
  };
}

function tried<T>(line: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Failure ? error : pinFailure(line, error);
  }
}

/** Needs debugfs, which not every machine mounts: without it the kernel's refusal is all there is to go by. */
async function ownersFrom(tree: KernelTree, label: string): Promise<Map<number, string>> {
  const folders = await tree.list('sys/kernel/debug/pinctrl');
  const folder = folders.find((name) => name.includes(label));
  const [mux, gpio] = await Promise.all([
    folder === undefined ? null : tree.read(`sys/kernel/debug/pinctrl/${folder}/pinmux-pins`),
    tree.read('sys/kernel/debug/gpio'),
  ]);
  return new Map([...ownersInPinmux(mux ?? ''), ...ownersInDebugGpio(gpio ?? '', label)]);
}
