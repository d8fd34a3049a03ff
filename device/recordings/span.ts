import type { Part, RecordingRow } from './model.ts';

/** What playback needs to know of a recording. */
export type PlayableRecording = Pick<
  RecordingRow,
  'id' | 'path' | 'bootId' | 'startBootMs' | 'startWallMs' | 'initBytes' | 'sizeBytes' | 'parts' | 'state'
>;

/** Consecutive parts of one recording; the first begins with a key picture. */
export interface Cut {
  recording: PlayableRecording;
  parts: Part[];
  /** The recording goes on behind the last part: the span ends before it does. */
  endsEarly: boolean;
}

/**
 * What of `recordings` covers the span, in the order of time: of each from the key part at or before `fromMs` to the part that covers `toMs`.
 * Where two recordings of one boot hold the same moments (pre-roll), the later one begins at its last key part that misses nothing.
 */
export function cutSpan(recordings: readonly PlayableRecording[], fromMs: number, toMs: number): Cut[] {
  const ordered = [...recordings].sort((a, b) => a.startWallMs - b.startWallMs || a.startBootMs - b.startBootMs);
  const cuts: Cut[] = [];
  for (const recording of ordered) {
    const spanStartMs = fromMs - recording.startWallMs;
    const startMs = Math.max(spanStartMs, coveredUntilMs(cuts.at(-1), recording));
    const cut = cutRecording(recording, startMs, toMs - recording.startWallMs);
    if (cut) cuts.push(cut);
  }
  return cuts;
}

/**
 * Up to where in `recording` the cut before it already went. By the boot clock alone: after a step of the wall clock two recordings
 * may claim the same wall time and yet show different moments.
 */
function coveredUntilMs(before: Cut | undefined, recording: PlayableRecording): number {
  const last = before?.parts.at(-1);
  if (!before || !last || before.recording.bootId !== recording.bootId) return Number.NEGATIVE_INFINITY;
  return before.recording.startBootMs + last.startMs + last.durationMs - recording.startBootMs;
}

function cutRecording(recording: PlayableRecording, fromMs: number, toMs: number): Cut | null {
  const { parts } = recording;
  const reached = parts.findIndex((part) => part.startMs + part.durationMs > fromMs && part.startMs < toMs);
  if (reached < 0) return null;
  let first = reached;
  while (first > 0 && !parts[first]?.key) first -= 1;
  // A file whose first part has no key picture begins to be decodable later.
  while (first < parts.length && !parts[first]?.key) first += 1;
  let end = first;
  while (end < parts.length && (parts[end]?.startMs ?? toMs) < toMs) end += 1;
  if (end <= first) return null;
  return { recording, parts: parts.slice(first, end), endsEarly: end < parts.length };
}
