import type { WeeklySchedule } from '#device/contract/contract.ts';

/** Answers whether a weekly schedule covers a wall-clock time in a time zone. */
export type ScheduleCheck = (schedule: WeeklySchedule | null, wallMs: number) => boolean;

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * Minutes are those of the local clock: a day of 25 hours passes its repeated hour twice, one of 23 never sees the missing hour.
 * A span whose end is not after its start goes on past midnight into the next day. Throws RangeError for a name that is no time zone.
 */
export function scheduleIn(timeZone: string): ScheduleCheck {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return (schedule, wallMs) => {
    if (schedule === null) return true;
    const parts = Object.fromEntries(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
    const day = days.indexOf(parts['weekday'] ?? '');
    const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
    const today = schedule[day] ?? [];
    const yesterday = schedule[(day + 6) % 7] ?? [];
    return (
      today.some(({ fromMinute, toMinute }) => minute >= fromMinute && (minute < toMinute || toMinute <= fromMinute)) ||
      yesterday.some(({ fromMinute, toMinute }) => toMinute <= fromMinute && minute < toMinute)
    );
  };
}
