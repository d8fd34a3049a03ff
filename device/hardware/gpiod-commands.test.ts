import { describe, expect, test } from 'vitest';
import { dialectOf, headerChipIn } from './gpiod-commands.ts';

const line = { chip: 'gpiochip0', line: 17, activeLow: false };
const turned = { ...line, activeLow: true };

describe('the first version of gpiod', () => {
  const dialect = dialectOf('gpiodetect (libgpiod) v1.6.3\nCopyright (C) 2017-2018');
  if (!dialect) throw new Error('not spoken');

  test('is asked for a line, watches it and holds it', () => {
    expect(dialect.get(line)).toEqual(['gpiochip0', '17']);
    expect(dialect.monitor(line)).toEqual(['--line-buffered', '--format=%e', 'gpiochip0', '17']);
    expect(dialect.set(line, true)).toEqual(['--mode=signal', 'gpiochip0', '17=1']);
    expect(dialect.info('gpiochip0')).toEqual(['gpiochip0']);
  });

  test('turns round by itself a wire that is low when it reports', () => {
    expect(dialect.get(turned)).toEqual(['--active-low', 'gpiochip0', '17']);
    expect(dialect.monitor(turned)).toContain('--active-low');
    expect(dialect.set(turned, false)).toEqual(['--mode=signal', '--active-low', 'gpiochip0', '17=0']);
  });
});

/** The programs of 2.2.1 took these options, but never had a chip. What they print is as their sources tell it. */
describe('the second version of gpiod', () => {
  const dialect = dialectOf('gpiodetect (libgpiod) v2.2.1\nCopyright (C) 2017-2023');
  if (!dialect) throw new Error('not spoken');
  const manual = {
    gpioget: [
      '--as-is',
      '--bias',
      '--by-name',
      '--chip',
      '--consumer',
      '--active-low',
      '--hold-period',
      '--numeric',
      '--strict',
      '--unquoted',
    ],
    gpiomon: [
      '--banner',
      '--bias',
      '--by-name',
      '--chip',
      '--consumer',
      '--edges',
      '--event-clock',
      '--format',
      '--idle-timeout',
      '--active-low',
    ],
    gpioset: [
      '--banner',
      '--bias',
      '--by-name',
      '--chip',
      '--consumer',
      '--drive',
      '--active-low',
      '--hold-period',
      '--toggle',
      '--daemonize',
    ],
    gpioinfo: ['--by-name', '--chip', '--strict', '--unquoted'],
  };

  test('is asked for a line of a chip, watches it and holds it', () => {
    expect(dialect.get(line)).toEqual(['--numeric', '--chip=gpiochip0', '--consumer=kerberos-edge', '17']);
    expect(dialect.monitor(line)).toEqual(['--format=%e', '--chip=gpiochip0', '--consumer=kerberos-edge', '17']);
    expect(dialect.set(line, true)).toEqual(['--chip=gpiochip0', '--consumer=kerberos-edge', '17=1']);
  });

  test('is given no option that its manual does not know', () => {
    const given = {
      gpioget: dialect.get(turned),
      gpiomon: dialect.monitor(turned),
      gpioset: dialect.set(turned, false),
      gpioinfo: dialect.info('gpiochip0'),
    };
    for (const [program, args] of Object.entries(given)) {
      const options = args.filter((arg) => arg.startsWith('-')).map((arg) => arg.split('=')[0]);
      expect(manual[program as keyof typeof manual]).toEqual(expect.arrayContaining(options));
      if (program !== 'gpioinfo') expect(options).toContain('--active-low');
    }
  });

  test('tells who has a line in its own way', () => {
    const text = [
      'gpiochip0 - 54 lines:',
      '\tline   2:\t"SDA1"          \tinput',
      '\tline   4:\t"GPIO4"         \tinput consumer="onewire@0"',
      '\tline   8:\t"GPIO8"         \toutput active-low consumer="spi0 CS0"',
      '\tline  17:\t"GPIO17"        \tinput edges=both consumer="kerberos-edge"',
      '\tline  18:\tunnamed         \toutput drive=open-drain consumer="kernel"',
    ].join('\n');
    expect([...dialect.owners(text)]).toEqual([
      [4, 'onewire@0'],
      [8, 'spi0 CS0'],
      [18, 'kernel'],
    ]);
  });
});

test('the chip with the header is found by its label, whichever number it has', () => {
  const text = 'gpiochip0 [gpio-brcmstb@107d508500] (32 lines)\ngpiochip4 [pinctrl-rp1] (54 lines)\n';
  expect(headerChipIn(text)).toEqual({ name: 'gpiochip4', label: 'pinctrl-rp1' });
  expect(headerChipIn('gpiochip0 [INT33FC:00] (98 lines)\n')).toBeNull();
});

test('only versions whose options are known are spoken to', () => {
  expect(dialectOf('gpiodetect v2.3 (libgpiod v2.3)\n')).toBe(dialectOf('gpiodetect (libgpiod) v2.0.1'));
  expect(dialectOf('gpiodetect (libgpiod) v3.0')).toBeNull();
  expect(dialectOf('')).toBeNull();
});
