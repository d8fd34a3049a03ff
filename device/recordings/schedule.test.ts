import { describe, expect, test } from 'vitest';
import type { WeeklySchedule } from '#device/contract/contract.ts';
import { scheduleIn } from './schedule.ts';

const never: WeeklySchedule = [[], [], [], [], [], [], []];
const on = (day: number, fromMinute: number, toMinute: number): WeeklySchedule =>
  never.map((spans, index) => (index === day ? [{ fromMinute, toMinute }] : spans));
const monday = 0;
const sunday = 6;

describe('a weekly schedule', () => {
  const isIn = scheduleIn('Europe/Brussels');

  test('absent is always, empty is never', () => {
    expect(isIn(null, Date.UTC(2026, 0, 5))).toBe(true);
    expect(isIn(never, Date.UTC(2026, 0, 5))).toBe(false);
  });

  test('counts in minutes of the local day, its end excluded', () => {
    // Monday, 5 January 2026, 08:00 to 09:00 in Brussels is 07:00 to 08:00 UTC.
    const span = on(monday, 480, 540);
    expect(isIn(span, Date.UTC(2026, 0, 5, 6, 59, 59, 999))).toBe(false);
    expect(isIn(span, Date.UTC(2026, 0, 5, 7))).toBe(true);
    expect(isIn(span, Date.UTC(2026, 0, 5, 7, 59, 59, 999))).toBe(true);
    expect(isIn(span, Date.UTC(2026, 0, 5, 8))).toBe(false);
    expect(isIn(span, Date.UTC(2026, 0, 6, 7, 30))).toBe(false);
  });

  test('goes on past midnight when its end is not after its start', () => {
    const night = on(sunday, 1_320, 360);
    expect(isIn(night, Date.UTC(2026, 0, 4, 20, 59))).toBe(false);
    expect(isIn(night, Date.UTC(2026, 0, 4, 21))).toBe(true);
    expect(isIn(night, Date.UTC(2026, 0, 5, 4, 59))).toBe(true);
    expect(isIn(night, Date.UTC(2026, 0, 5, 5))).toBe(false);
  });

  test('a whole day is from 0 to 1440', () => {
    const whole = on(monday, 0, 1_440);
    expect(isIn(whole, Date.UTC(2026, 0, 4, 23))).toBe(true);
    expect(isIn(whole, Date.UTC(2026, 0, 5, 22, 59))).toBe(true);
    expect(isIn(whole, Date.UTC(2026, 0, 5, 23))).toBe(false);
  });

  test('passes the hour that comes twice in autumn twice', () => {
    // 25 October 2026: 02:30 in Brussels is 00:30 UTC and again 01:30 UTC.
    const span = on(sunday, 120, 180);
    expect([0, 1].map((hour) => isIn(span, Date.UTC(2026, 9, 25, hour, 30)))).toEqual([true, true]);
  });
});
