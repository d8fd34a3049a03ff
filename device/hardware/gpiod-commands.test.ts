import { expect, test } from 'vitest';
import { getArguments, headerChipIn, isKnownGpiod, monitorArguments, setArguments } from './gpiod-commands.ts';

const line = { chip: 'gpiochip0', line: 17, activeLow: false };

test('a line is asked, watched and held', () => {
  expect(getArguments(line)).toEqual(['gpiochip0', '17']);
  expect(monitorArguments(line)).toEqual(['--line-buffered', '--format=%e', 'gpiochip0', '17']);
  expect(setArguments(line, true)).toEqual(['--mode=signal', 'gpiochip0', '17=1']);
});

test('a wire that is low when it reports is turned round by the program itself', () => {
  const turned = { ...line, activeLow: true };
  expect(getArguments(turned)).toEqual(['--active-low', 'gpiochip0', '17']);
  expect(monitorArguments(turned)).toContain('--active-low');
  expect(setArguments(turned, false)).toEqual(['--mode=signal', '--active-low', 'gpiochip0', '17=0']);
});

test('the chip with the header is found by its label, whichever number it has', () => {
  const text = 'gpiochip0 [gpio-brcmstb@107d508500] (32 lines)\ngpiochip4 [pinctrl-rp1] (54 lines)\n';
  expect(headerChipIn(text)).toEqual({ name: 'gpiochip4', label: 'pinctrl-rp1' });
  expect(headerChipIn('gpiochip0 [INT33FC:00] (98 lines)\n')).toBeNull();
});

test('only the version whose options are known is spoken to', () => {
  expect(isKnownGpiod('gpiodetect (libgpiod) v1.6.3\nCopyright')).toBe(true);
  expect(isKnownGpiod('gpiodetect (libgpiod) v2.2.1')).toBe(false);
});
