import { describe, expect, test } from 'vitest';
import { addDays, addMonths, isDay, monthGrid, zonedTime } from './time.ts';

const hour = 3_600_000;
const brussels = zonedTime('Europe/Brussels');

describe('days in the zone of the device', () => {
  test('an evening in UTC is the next day further east', () => {
    expect(brussels.dayOf(Date.parse('2026-06-01T22:30:00Z'))).toBe('2026-06-02');
    expect(zonedTime('America/New_York').dayOf(Date.parse('2026-06-02T03:30:00Z'))).toBe('2026-06-01');
  });

  test('a day is 23 hours when summer time begins and 25 when it ends', () => {
    const lengthOf = (day: string) => {
      const { fromMs, toMs } = brussels.boundsOf(day);
      return (toMs - fromMs) / hour;
    };
    expect([lengthOf('2026-03-29'), lengthOf('2026-06-01'), lengthOf('2026-10-25')]).toEqual([23, 24, 25]);
    expect(brussels.boundsOf('2026-06-01').fromMs).toBe(Date.parse('2026-05-31T22:00:00Z'));
  });

  test('a time of day and its instant agree', () => {
    const ms = brussels.instantOf('2026-06-01', '08:15:30');
    expect(ms).toBe(Date.parse('2026-06-01T06:15:30Z'));
    expect(brussels.time(ms ?? 0)).toBe('08:15:30');
    expect(brussels.instantOf('2026-06-01', '8:15')).toBe(Date.parse('2026-06-01T06:15:00Z'));
  });

  test('what is no time is none', () => {
    for (const wrong of ['24:00', '12:60:00', 'noon', '']) expect(brussels.instantOf('2026-06-01', wrong)).toBeNull();
  });

  test('a zone nobody knows is taken for UTC rather than breaking the page', () => {
    expect(zonedTime('Mars/Olympus').dayOf(0)).toBe('1970-01-01');
  });
});

describe('the calendar', () => {
  test('steps over months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addMonths('2026-01-31', -1)).toBe('2025-12-01');
  });

  test('lays a month out in weeks from Monday', () => {
    const weeks = monthGrid('2026-11-15');
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
    expect(weeks.flat().filter((cell) => cell !== null)).toHaveLength(30);
  });

  test('knows a day from something else', () => {
    expect([isDay('2026-11-22'), isDay('2026-13-01'), isDay('today')]).toEqual([true, false, false]);
  });
});
