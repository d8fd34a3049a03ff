import { describe, expect, test } from 'vitest';
import { bytes, length, span } from './amounts.ts';
import { readDayAddress, writeDayAddress } from './day-address.ts';
import { passwordStrength } from './password.ts';

describe('amounts', () => {
  test('sizes in the largest unit that fits', () => {
    expect([bytes(0), bytes(999), bytes(1500), bytes(123_000_000), bytes(999_900), bytes(4.2e12)]).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '123 MB',
      '1.0 MB',
      '4.2 TB',
    ]);
  });

  test('lengths like a clock', () => {
    expect([length(42_000), length(727_000), length(3_750_000), length(-5)]).toEqual(['0:42', '12:07', '1:02:30', '0:00']);
  });

  test('ages in one unit, rounded down', () => {
    expect([span(900), span(12_400), span(125_000), span(7_300_000), span(3 * 86_400_000)]).toEqual([
      '0 s',
      '12 s',
      '2 min',
      '2 h',
      '3 days',
    ]);
  });
});

describe('the address of a day', () => {
  test('says everything that is shown and is read back the same', () => {
    const address = { day: '2026-11-22', camera: 'front', playing: null, time: '08:15:30', kind: 'events' as const };
    const written = writeDayAddress(address);
    expect(written).toBe('/recordings?day=2026-11-22&camera=front&time=08:15:30&show=events');
    expect(readDayAddress(Object.fromEntries(new URL(written, 'http://kerberos.local').searchParams), '2026-01-01')).toEqual(address);
  });

  test('what makes no sense is left out', () => {
    expect(readDayAddress({ day: 'x', camera: '', time: '99', show: 'cats' }, '2026-11-22')).toEqual({
      day: '2026-11-22',
      camera: null,
      playing: null,
      time: null,
      kind: 'all',
    });
  });
});

describe('strength of a password', () => {
  test('counts length alone, in characters as people see them', () => {
    expect(passwordStrength('aaaa', 10)).toMatchObject({ level: 'short', missing: 6 });
    expect(passwordStrength('aaaaaaaaaa', 10).level).toBe('fair');
    expect(passwordStrength('a wall has ears', 10).level).toBe('good');
    expect(passwordStrength('🔒'.repeat(9), 10)).toMatchObject({ level: 'short', missing: 1 });
  });
});
