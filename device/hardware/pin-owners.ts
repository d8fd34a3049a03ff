/** Who has a line, as the kernel tells it in three places. All pure: text in, a word for each line out. */

/** Ours: how the two ways to the pins name themselves as consumers. */
const ownConsumers = new Set(['sysfs', 'kerberos-edge']);

/**
 * `/sys/kernel/debug/gpio`: ` gpio-529 (GPIO17 |sysfs ) in  lo IRQ` below a `gpiochip0: GPIOs 512-569, …, pinctrl-bcm2711:`.
 * Lines without a consumer are left out.
 */
export function ownersInDebugGpio(text: string, chipLabel: string): Map<number, string> {
  const owners = new Map<number, string>();
  let base: number | null = null;
  for (const line of text.split('\n')) {
    const chip = /^gpiochip\d+: (?:GPIOs (\d+)-\d+|(\d+) GPIOs)/.exec(line);
    if (chip) base = line.includes(chipLabel) ? Number(chip[1] ?? 0) : null;
    const found = /^\s*gpio-(\d+)\s+\(([^|)]*)\|([^)]*)\)/.exec(line);
    const owner = found?.[3]?.trim() ?? '';
    if (base !== null && found && owner !== '' && !ownConsumers.has(owner)) owners.set(Number(found[1]) - base, owner);
  }
  return owners;
}

/** `/sys/kernel/debug/pinctrl/…/pinmux-pins`: `pin 2 (gpio2): fe804000.i2c (GPIO UNCLAIMED) function alt0 group gpio2`. */
export function ownersInPinmux(text: string): Map<number, string> {
  const owners = new Map<number, string>();
  for (const line of text.split('\n')) {
    const found = /^pin (\d+) \([^)]*\): (.+)$/.exec(line.trim());
    const owner =
      found?.[2]
        ?.split(/ \(| function /)[0]
        ?.replace(/^device /, '')
        .trim() ?? '';
    if (!found || owner === '' || owner.startsWith('(') || /^(UNCLAIMED|GPIO )/.test(owner)) continue;
    owners.set(Number(found[1]), owner);
  }
  return owners;
}

/** `gpioinfo CHIP` of gpiod 1.6: `	line   8:     "GPIO8"   "spi0 CS0"  output  active-low [used]`. */
export function ownersInGpioinfo(text: string): Map<number, string> {
  return ownersIn(text, /^\s*line\s+(\d+):\s+(?:"[^"]*"|unnamed)\s+(?:"([^"]*)"|(kernel|unused))\s/);
}

/** `gpioinfo --chip=CHIP` of gpiod 2: `	line   8:	"GPIO8"         	output active-low consumer="spi0 CS0"`. */
export function ownersInNewGpioinfo(text: string): Map<number, string> {
  return ownersIn(text, /^\s*line\s+(\d+):.*\sconsumer="([^"]*)"\s*$/);
}

/** `pattern` finds the number of a line and the name of who holds it, or else the word `kernel`. */
function ownersIn(text: string, pattern: RegExp): Map<number, string> {
  const owners = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [found, number, name, word] = pattern.exec(line) ?? [];
    const owner = name ?? (word === 'kernel' ? word : '');
    if (found !== undefined && owner !== '' && !ownConsumers.has(owner)) owners.set(Number(number), owner);
  }
  return owners;
}
