/** What every part is given. */
export interface Bench {
  /** How long each processor figure is taken for. */
  seconds: number;
  /** On the disk that is measured; each part makes and removes its own folders in it. */
  scratch: string;
  /** Where encoded footage is kept between runs. */
  footage: string;
  clips: string;
  say(line: string): void;
}

/** Nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
