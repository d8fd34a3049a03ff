import type { KernelTree } from './kernel-tree.ts';

/** The chips whose lines 0 to 27 are the 40-pin header: Pi up to 3, Pi 4, Pi 5, and the kernel's simulated one. */
const headerChips: readonly RegExp[] = [/^pinctrl-bcm2835$/, /^pinctrl-bcm2711$/, /^pinctrl-rp1$/, /^gpio-sim/];

export function isHeaderChip(label: string): boolean {
  return headerChips.some((pattern) => pattern.test(label));
}

export interface SysfsChip {
  label: string;
  /** The number of its line 0 in /sys/class/gpio: another one with every kernel and board. */
  base: number;
}

/** By its label, because neither number nor order of chips is the same on two boards. */
export async function findSysfsChip(tree: KernelTree): Promise<SysfsChip | null> {
  for (const name of await tree.list('sys/class/gpio')) {
    if (!name.startsWith('gpiochip')) continue;
    const [label, base] = await Promise.all(['label', 'base'].map((field) => tree.read(`sys/class/gpio/${name}/${field}`)));
    if (label && isHeaderChip(label) && base && /^\d+$/.test(base)) return { label, base: Number(base) };
  }
  return null;
}
