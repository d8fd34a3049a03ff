import type { Clock } from '#device/kernel/clock.ts';
import type { KernelTree } from './kernel-tree.ts';
import { programOutput } from './program-output.ts';

/** What the firmware of a Pi says about its power and heat. */
export interface Throttle {
  weakNow: boolean;
  /** The processor runs slower than it could, be it by weak power or by heat. */
  slowedNow: boolean;
  /** At least once since the machine began; null where only the present is known. */
  weakSinceBoot: boolean | null;
}

const bit = { weak: 0, capped: 1, throttled: 2, softLimit: 3, weakOccurred: 16 } as const;

export function throttleOf(bits: number): Throttle {
  const has = (place: number): boolean => (bits & (1 << place)) !== 0;
  return {
    weakNow: has(bit.weak),
    slowedNow: has(bit.capped) || has(bit.throttled) || has(bit.softLimit),
    weakSinceBoot: has(bit.weakOccurred),
  };
}

/** `50005`, as the kernel writes it. */
export function bitsInSysfs(text: string): number | null {
  return /^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : null;
}

/** `throttled=0x50005`, as the firmware's own program prints it. */
export function bitsInVcgencmd(text: string): number | null {
  const found = /^throttled=0x([0-9a-f]{1,8})$/i.exec(text.trim());
  return found?.[1] ? Number.parseInt(found[1], 16) : null;
}

export type ThrottleReader = () => Promise<Throttle | null>;

const sysfsPlace = 'sys/devices/platform/soc/soc:firmware/get_throttled';

/** The first way that this machine has; null on a machine that is no Pi. Asked once, because what is not there does not come. */
export async function findThrottleReader(tree: KernelTree, clock: Clock): Promise<ThrottleReader | null> {
  const read = async (text: Promise<string | null>, bitsIn: (text: string) => number | null): Promise<Throttle | null> => {
    const bits = bitsIn((await text) ?? '');
    return bits === null ? null : throttleOf(bits);
  };
  const alarm = await voltageAlarm(tree);
  const readers: ThrottleReader[] = [
    () => read(tree.read(sysfsPlace), bitsInSysfs),
    ...(alarm === null ? [] : [() => alarmReading(tree, alarm)]),
    () => read(programOutput(clock, 'vcgencmd', ['get_throttled']), bitsInVcgencmd),
  ];
  for (const reader of readers) if ((await reader()) !== null) return reader;
  return null;
}

async function voltageAlarm(tree: KernelTree): Promise<string | null> {
  for (const name of await tree.list('sys/class/hwmon')) {
    if ((await tree.read(`sys/class/hwmon/${name}/name`)) === 'rpi_volt') return `sys/class/hwmon/${name}/in0_lcrit_alarm`;
  }
  return null;
}

async function alarmReading(tree: KernelTree, place: string): Promise<Throttle | null> {
  const text = await tree.read(place);
  if (text !== '0' && text !== '1') return null;
  return { weakNow: text === '1', slowedNow: false, weakSinceBoot: null };
}
