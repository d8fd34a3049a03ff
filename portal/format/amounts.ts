/** Amounts in the shortest honest form. */

const number = (value: number, digits: number) =>
  new Intl.NumberFormat(undefined, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);

const scaled = (value: number, units: readonly string[]): string => {
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${number(rest, unit > 0 && rest < 99.95 ? 1 : 0)} ${units[unit] ?? ''}`;
};

export const bytes = (sizeBytes: number): string => scaled(sizeBytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);

export const bitRate = (bitsPerSecond: number): string => scaled(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s']);

export const percent = (share: number): string => `${number(share * 100, 0)} %`;

/** `0:42`, `12:07`, `1:02:30`: the length of something recorded. */
export const length = (durationMs: number): string => {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
};

/** `8 s`, `12 min`, `3 h`, `2 days`: how long ago or how long since, rounded down. */
export const span = (durationMs: number): string => {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6000) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
};

export const pictureSize = (width: number, height: number): string => `${width}×${height}`;

export const decimal = (value: number, digits = 1): string => number(value, digits);
