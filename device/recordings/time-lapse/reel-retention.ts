import type { TimeLapseSettings } from '#device/contract/contract.ts';

export interface KeptReel {
  cameraId: string;
  day: string;
  sizeBytes: number;
}

export interface ReelLimits {
  cameras: ReadonlyMap<string, Pick<TimeLapseSettings, 'maxAgeDays' | 'maxBytes'>>;
  /** For reels of cameras that are no more. */
  maxAgeDays: number | null;
  /** All reels together. */
  maxBytes: number;
}

export interface ReelPlan {
  removals: KeptReel[];
  /** Cameras whose limits today's reel alone has reached: they rest until tomorrow. */
  full: ReadonlySet<string>;
}

/** Of former days, oldest first. */
export function reelsBefore(today: string, reels: readonly KeptReel[]): KeptReel[] {
  return reels.filter(({ day }) => day < today).toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

/**
 * Which reels go; oldest first. Today's stay: what is left then would be nothing.
 * `daysAgo` answers the day that was so many days ago, or null while the clock is not set: nothing is old then.
 */
export function planReels(
  reels: readonly KeptReel[],
  limits: ReelLimits,
  today: string,
  daysAgo: (days: number) => string | null,
): ReelPlan {
  const left = new Set(reels);
  const removals: KeptReel[] = [];
  const bytes = (cameraId?: string): number =>
    [...left].reduce((sum, reel) => (cameraId === undefined || reel.cameraId === cameraId ? sum + reel.sizeBytes : sum), 0);
  const remove = (reel: KeptReel): void => {
    left.delete(reel);
    removals.push(reel);
  };
  const former = reelsBefore(today, reels);
  for (const reel of former) {
    const own = limits.cameras.get(reel.cameraId);
    const maxAgeDays = own ? own.maxAgeDays : limits.maxAgeDays;
    const oldest = maxAgeDays === null ? null : daysAgo(maxAgeDays);
    if (oldest !== null && reel.day < oldest) remove(reel);
    else if (bytes(reel.cameraId) > (own?.maxBytes ?? Number.POSITIVE_INFINITY)) remove(reel);
  }
  for (const reel of former) if (left.has(reel) && bytes() > limits.maxBytes) remove(reel);
  const full = new Set([...left].flatMap(({ cameraId }) => (isFull(cameraId) ? [cameraId] : [])));
  return { removals, full };

  function isFull(cameraId: string): boolean {
    return bytes() > limits.maxBytes || bytes(cameraId) > (limits.cameras.get(cameraId)?.maxBytes ?? Number.POSITIVE_INFINITY);
  }
}
