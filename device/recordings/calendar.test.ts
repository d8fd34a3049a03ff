import { describe, expect, test } from 'vitest';
import { calendarOf } from './calendar.ts';

const hoursOf = (timeZone: string, noonUtc: string): number => {
  const calendar = calendarOf(timeZone);
  const start = calendar.dayStartMs(Date.parse(noonUtc));
  return (calendar.nextDayMs(start) - start) / 3_600_000;
};

describe('days of a time zone', () => {
  test('are named as the people there name them', () => {
    expect(calendarOf('Europe/Brussels').dayOf(Date.parse('2026-01-05T23:30:00Z'))).toBe('2026-01-06');
    expect(calendarOf('America/New_York').dayOf(Date.parse('2026-01-05T04:30:00Z'))).toBe('2026-01-04');
    expect(calendarOf('Pacific/Kiritimati').dayOf(Date.parse('2026-01-05T10:00:00Z'))).toBe('2026-01-06');
  });

  test('have 23 hours when summer time begins and 25 when it ends', () => {
    expect(hoursOf('Europe/Brussels', '2026-03-29T12:00:00Z')).toBe(23);
    expect(hoursOf('Europe/Brussels', '2026-10-25T12:00:00Z')).toBe(25);
    expect(hoursOf('Australia/Lord_Howe', '2026-04-05T03:00:00Z')).toBe(24.5);
    expect(hoursOf('UTC', '2026-03-29T12:00:00Z')).toBe(24);
  });

  test('begin at one where summer time takes the midnight', () => {
    const calendar = calendarOf('America/Asuncion');
    const noon = Date.parse('2023-10-01T16:00:00Z');
    expect(new Date(calendar.dayStartMs(noon)).toISOString()).toBe('2023-10-01T04:00:00.000Z');
  });

  test('follow one another without holes for two years', () => {
    for (const timeZone of ['Europe/Brussels', 'America/Asuncion', 'Asia/Kathmandu']) {
      const calendar = calendarOf(timeZone);
      let start = calendar.dayStartMs(Date.parse('2023-01-01T12:00:00Z'));
      for (let day = 0; day < 730; day += 1) {
        const next = calendar.nextDayMs(start);
        expect(calendar.dayOf(next - 1)).toBe(calendar.dayOf(start));
        expect(calendar.dayOf(next)).not.toBe(calendar.dayOf(start));
        expect(calendar.dayStartMs(next)).toBe(next);
        start = next;
      }
    }
  });

  test('of a zone that does not exist are refused', () => {
    expect(() => calendarOf('Mars/Olympus')).toThrow(RangeError);
  });
});
