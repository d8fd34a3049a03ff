import { isHeaderChip } from './gpio-chip.ts';
import { ownersInGpioinfo, ownersInNewGpioinfo } from './pin-owners.ts';

/** The programs of gpiod: arguments out, lines in. Pure. Their second version, of Debian 13, takes other options than the first, of Debian 12. */

export interface Line {
  chip: string;
  line: number;
  activeLow: boolean;
}

export interface GpiodDialect {
  /** Of gpioget, which answers `0` or `1`, as `--active-low` turns it. */
  get(line: Line): string[];
  /** Of gpiomon: prints a line for every edge, at once, until it is ended. It is `1` when the edge rises, as `--active-low` turns it. */
  monitor(line: Line): string[];
  /** Of gpioset: holds the line until it is ended by a signal. */
  set(line: Line, on: boolean): string[];
  /** Of gpioinfo. */
  info(chip: string): string[];
  /** In what gpioinfo prints. */
  owners(gpioinfo: string): Map<number, string>;
}

const lowFlag = (activeLow: boolean): string[] => (activeLow ? ['--active-low'] : []);

const first: GpiodDialect = {
  get: ({ chip, line, activeLow }) => [...lowFlag(activeLow), chip, String(line)],
  monitor: ({ chip, line, activeLow }) => ['--line-buffered', '--format=%e', ...lowFlag(activeLow), chip, String(line)],
  set: ({ chip, line, activeLow }, on) => ['--mode=signal', ...lowFlag(activeLow), chip, `${line}=${on ? 1 : 0}`],
  info: (chip) => [chip],
  owners: ownersInGpioinfo,
};

const consumer = '--consumer=kerberos-edge';
/** Without the chip a number is taken for the name of a line. */
const onChip = ({ chip, activeLow }: Line): string[] => [`--chip=${chip}`, consumer, ...lowFlag(activeLow)];

/** A falling edge is `2` here, was `0`; gpiomon empties its buffer after each edge and gpioset stays until it is ended, without being asked to. */
const second: GpiodDialect = {
  get: (line) => ['--numeric', ...onChip(line), String(line.line)],
  monitor: (line) => ['--format=%e', ...onChip(line), String(line.line)],
  set: (line, on) => [...onChip(line), `${line.line}=${on ? 1 : 0}`],
  info: (chip) => [`--chip=${chip}`],
  owners: ownersInNewGpioinfo,
};

/** From `gpiodetect --version`: `gpiodetect (libgpiod) v1.6.3`, or of late `gpiodetect v2.3 (libgpiod v2.3)`. null for versions that are not known. */
export function dialectOf(version: string): GpiodDialect | null {
  const [, major] = /\(libgpiod\)? v(\d+)\./.exec(version) ?? [];
  return major === '1' ? first : major === '2' ? second : null;
}

/** `gpiochip0 [pinctrl-bcm2711] (58 lines)`. Answers the chip with the header. */
export function headerChipIn(gpiodetect: string): { name: string; label: string } | null {
  for (const text of gpiodetect.split('\n')) {
    const found = /^(gpiochip\d+) \[([^\]]*)\] \(\d+ lines\)$/.exec(text.trim());
    if (found?.[1] && found[2] && isHeaderChip(found[2])) return { name: found[1], label: found[2] };
  }
  return null;
}
