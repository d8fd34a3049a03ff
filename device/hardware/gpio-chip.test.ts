import { expect, test } from 'vitest';
import { plantKernel } from '#device/testing/planted-kernel.ts';
import { findSysfsChip } from './gpio-chip.ts';

test.each([
  ['a Pi 3', 'pinctrl-bcm2835', 512],
  ['a Pi 4', 'pinctrl-bcm2711', 522],
  ['a Pi 5', 'pinctrl-rp1', 571],
  ['the bench', 'gpio-sim.0-node0', 970],
])('the chip of %s is found by its label, wherever the kernel put it', async (_board, label, base) => {
  await using kernel = await plantKernel({
    'sys/class/gpio/gpiochip504/label': 'raspberrypi-exp-gpio\n',
    'sys/class/gpio/gpiochip504/base': '504\n',
    [`sys/class/gpio/gpiochip${base}/label`]: `${label}\n`,
    [`sys/class/gpio/gpiochip${base}/base`]: `${base}\n`,
  });
  expect(await findSysfsChip(kernel.tree)).toEqual({ label, base });
});

test('a machine without pins has none', async () => {
  await using kernel = await plantKernel({ 'sys/class/gpio/gpiochip0/label': 'INT33FC:00\n', 'sys/class/gpio/gpiochip0/base': '0\n' });
  expect(await findSysfsChip(kernel.tree)).toBeNull();
  await using bare = await plantKernel({});
  expect(await findSysfsChip(bare.tree)).toBeNull();
});
