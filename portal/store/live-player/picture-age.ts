/** How old the picture is that a person sees. Pure; milliseconds. */

export interface AgeFacts {
  nowMs: number;
  /** The device's word on its newest frame, and when it was said. */
  lastFrameAgeMs: number | null;
  toldAtMs: number | null;
  /** When the newest segment arrived here, and how far the playhead is behind its end; null before the first. */
  arrivedAtMs: number | null;
  behindMs: number | null;
}

/** The larger of what the device says and what the player sees; null when neither knows. */
export const pictureAgeMs = ({ nowMs, lastFrameAgeMs, toldAtMs, arrivedAtMs, behindMs }: AgeFacts): number | null => {
  const told = lastFrameAgeMs !== null && toldAtMs !== null ? lastFrameAgeMs + nowMs - toldAtMs : null;
  const seen = arrivedAtMs !== null ? nowMs - arrivedAtMs + (behindMs ?? 0) : null;
  if (told === null || seen === null) return told ?? seen;
  return Math.max(told, seen);
};

/** From this age on a picture is not live. Cameras send at least a frame a second; statuses come once a second. */
export const staleFromMs = 3500;

export const isStale = (ageMs: number | null): boolean => ageMs !== null && ageMs >= staleFromMs;
