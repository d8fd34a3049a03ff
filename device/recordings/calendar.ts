/** Days as people of one IANA time zone count them: 23, 24 or 25 hours long, and some without a midnight. */
export interface Calendar {
  /** YYYY-MM-DD. */
  dayOf(wallMs: number): string;
  /** First millisecond of the day after the one that holds `wallMs`. */
  nextDayMs(wallMs: number): number;
  /** First millisecond of the day that holds `wallMs`. */
  dayStartMs(wallMs: number): number;
}

const hourMs = 3_600_000;

/** Throws RangeError for a name that is no time zone. */
export function calendarOf(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, calendar: 'gregory', year: 'numeric', month: '2-digit', day: '2-digit' });
  const dayOf = (wallMs: number): string => format.format(wallMs);
  /** The first millisecond after `beforeMs`, at most at `atMs`, from which on the day is that of `atMs`. */
  const border = (beforeMs: number, atMs: number): number => {
    const day = dayOf(atMs);
    let before = beforeMs;
    let at = atMs;
    while (at - before > 1) {
      const middle = Math.floor((before + at) / 2);
      if (dayOf(middle) === day) at = middle;
      else before = middle;
    }
    return at;
  };
  const dayStartMs = (wallMs: number): number => {
    const today = dayOf(wallMs);
    let before = wallMs;
    while (dayOf(before) === today) before -= 6 * hourMs;
    return border(before, wallMs);
  };
  const nextDayMs = (wallMs: number): number => {
    const today = dayOf(wallMs);
    // Right for a day of 24 hours when wallMs is its start.
    const guess = wallMs + 24 * hourMs;
    if (dayOf(guess - 1) === today && dayOf(guess) !== today) return guess;
    let after = wallMs;
    while (dayOf(after) === today) after += 6 * hourMs;
    return border(after - 6 * hourMs, after);
  };
  return { dayOf, dayStartMs, nextDayMs };
}
