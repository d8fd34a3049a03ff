/** Days and times as a person in the device's zone sees them. A day is `YYYY-MM-DD`; instants are milliseconds since 1970. */

const minuteMs = 60_000;
const hourMs = 3_600_000;

const formatters = (zone: string) => ({
  parts: new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }),
  time: new Intl.DateTimeFormat(undefined, { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  minute: new Intl.DateTimeFormat(undefined, { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }),
  date: new Intl.DateTimeFormat(undefined, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
  dateTime: new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    hourCycle: 'h23',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }),
});

/** Everything that knows the device's zone. Make one per zone and keep it: Intl formatters are slow to make. */
export const zonedTime = (zone: string) => {
  const known = formatters(isZone(zone) ? zone : 'UTC');

  const fieldsOf = (ms: number) => {
    const fields = new Map(known.parts.formatToParts(ms).map((part) => [part.type, part.value]));
    const field = (name: Intl.DateTimeFormatPartTypes) => Number(fields.get(name));
    return [field('year'), field('month'), field('day'), field('hour'), field('minute'), field('second')] as const;
  };

  /** Milliseconds the local clock is ahead of UTC at that instant. */
  const offsetMs = (ms: number): number => {
    const [year, month, day, hour, minute, second] = fieldsOf(ms);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  };

  /** The instant at which the local clock shows it; a time that summer time skips becomes the one after the gap. */
  const atLocal = (utcLookalikeMs: number): number => {
    const first = utcLookalikeMs - offsetMs(utcLookalikeMs);
    const second = utcLookalikeMs - offsetMs(first);
    return first === second ? first : Math.max(first, second);
  };

  const dayOf = (ms: number): string => {
    const [year, month, day] = fieldsOf(ms);
    return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  };

  return {
    zone,
    dayOf,
    /** Start of the day and of the next; 23 or 25 hours apart when the clocks change. */
    boundsOf: (day: string) => ({ fromMs: atLocal(utcMidnight(day)), toMs: atLocal(utcMidnight(addDays(day, 1))) }),
    /** `hh:mm:ss` (or `hh:mm`) of that day. null when it is not a time. */
    instantOf: (day: string, time: string): number | null => {
      const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(time.trim());
      if (!match || !isDay(day)) return null;
      const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
      if (hour > 23 || minute > 59 || second > 59) return null;
      return atLocal(utcMidnight(day) + hour * hourMs + minute * minuteMs + second * 1000);
    },
    time: (ms: number) => known.time.format(ms),
    minute: (ms: number) => known.minute.format(ms),
    dateTime: (ms: number) => known.dateTime.format(ms),
    dayLabel: (day: string) => known.date.format(atLocal(utcMidnight(day) + 12 * hourMs)),
  };
};
export type ZonedTime = ReturnType<typeof zonedTime>;

const utcMidnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utcMidnight(text));

export const addDays = (day: string, days: number): string => new Date(utcMidnight(day) + days * 24 * hourMs).toISOString().slice(0, 10);

/** The days of a month in weeks from Monday; null where another month's days would be. */
export const monthGrid = (day: string): (string | null)[][] => {
  const first = `${day.slice(0, 7)}-01`;
  const lead = (new Date(utcMidnight(first)).getUTCDay() + 6) % 7;
  const cells: (string | null)[] = Array.from({ length: lead }, () => null);
  for (let next = first; next.startsWith(day.slice(0, 7)); next = addDays(next, 1)) cells.push(next);
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
};

export const addMonths = (day: string, months: number): string => {
  const date = new Date(utcMidnight(`${day.slice(0, 7)}-01`));
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
};

export const monthLabel = (day: string): string =>
  new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(utcMidnight(`${day.slice(0, 7)}-01`));

/** Monday first. */
export const weekdayNames = (width: 'short' | 'long'): string[] => {
  const format = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', weekday: width });
  return Array.from({ length: 7 }, (_, index) => format.format(Date.UTC(2024, 0, 1 + index)));
};

export const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

export const knownZones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];
