import { isHeaderChip } from './gpio-chip.ts';

/** The command line of gpiod 1.6 (Debian 12): arguments out, lines in. Pure. Version 2 has other options and is not spoken. */

interface Line {
  chip: string;
  line: number;
  activeLow: boolean;
}

const lowFlag = (activeLow: boolean): string[] => (activeLow ? ['--active-low'] : []);

/** Answers one line, `0` or `1`. */
export function getArguments({ chip, line, activeLow }: Line): string[] {
  return [...lowFlag(activeLow), chip, String(line)];
}

/** Prints one line for every edge until it is ended; `%e` is 1 for rising, of the wire as `--active-low` turns it. */
export function monitorArguments({ chip, line, activeLow }: Line): string[] {
  return ['--line-buffered', '--format=%e', ...lowFlag(activeLow), chip, String(line)];
}

/** Holds the line until it is ended by a signal. */
export function setArguments({ chip, line, activeLow }: Line, on: boolean): string[] {
  return ['--mode=signal', ...lowFlag(activeLow), chip, `${line}=${on ? 1 : 0}`];
}

/** `gpiochip0 [pinctrl-bcm2711] (58 lines)`. Answers the chip with the header. */
export function headerChipIn(gpiodetect: string): { name: string; label: string } | null {
  for (const text of gpiodetect.split('\n')) {
    const found = /^(gpiochip\d+) \[([^\]]*)\] \(\d+ lines\)$/.exec(text.trim());
    if (found?.[1] && found[2] && isHeaderChip(found[2])) return { name: found[1], label: found[2] };
  }
  return null;
}

/** `gpiodetect (libgpiod) v1.6.3`. */
export function isKnownGpiod(version: string): boolean {
  return /\(libgpiod\) v1\./.test(version);
}
