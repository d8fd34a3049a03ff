import { expect, test } from 'vitest';
import { ownersInDebugGpio, ownersInGpioinfo, ownersInPinmux } from './pin-owners.ts';

test('debugfs tells who has a line, and our own hands are nobody', () => {
  const text = `gpiochip1: GPIOs 504-511, parent: platform/soc:firmware:gpio, raspberrypi-exp-gpio, can sleep:
 gpio-504 (BT_ON               |shutdown            ) out hi

gpiochip0: GPIOs 512-569, parent: platform/fe200000.gpio, pinctrl-bcm2711:
 gpio-516 (GPIO4               |onewire@0           ) in  hi
 gpio-529 (GPIO17              |sysfs               ) in  lo IRQ
 gpio-530 (GPIO18              )
 gpio-554 (STATUS_LED_G_CLK    |ACT                 ) out lo
`;
  expect([...ownersInDebugGpio(text, 'pinctrl-bcm2711')]).toEqual([
    [4, 'onewire@0'],
    [42, 'ACT'],
  ]);
});

test('newer kernels count the lines of each chip from 0', () => {
  const text =
    'gpiochip0: 54 GPIOs, parent: platform/1f000d0000.gpio, pinctrl-rp1:\n gpio-4   (GPIO4               |onewire@4           ) in  hi\n';
  expect([...ownersInDebugGpio(text, 'pinctrl-rp1')]).toEqual([[4, 'onewire@4']]);
});

test('the multiplexer tells what was given to a bus', () => {
  const text = `Pinmux settings per pin
Format: pin (name): mux_owner gpio_owner hog?
pin 0 (gpio0): (MUX UNCLAIMED) (GPIO UNCLAIMED)
pin 2 (gpio2): fe804000.i2c (GPIO UNCLAIMED) function alt0 group gpio2
pin 8 (gpio8): device fe204000.spi function output group gpio8
pin 17 (gpio17): (MUX UNCLAIMED) pinctrl-bcm2711:529
pin 18 (gpio18): GPIO pinctrl-bcm2711:530
pin 19 (gpio19): UNCLAIMED
`;
  expect([...ownersInPinmux(text)]).toEqual([
    [2, 'fe804000.i2c'],
    [8, 'fe204000.spi'],
  ]);
});

test('gpioinfo tells it too', () => {
  const text = `gpiochip0 - 54 lines:
\tline   2:       "SDA1"       unused   input  active-high
\tline   4:      "GPIO4"  "onewire@0"   input  active-high [used open-drain]
\tline  17:      "GPIO17"      "sysfs"   input  active-high [used]
\tline  18:      unnamed       kernel  output  active-high [used]
\tline   8:       "GPIO8"  "spi0 CS0"  output   active-low [used]
`;
  expect([...ownersInGpioinfo(text)]).toEqual([
    [4, 'onewire@0'],
    [18, 'kernel'],
    [8, 'spi0 CS0'],
  ]);
});
