/** Mathematics of the timeline: no drawing, no clock. All times in milliseconds since 1970. */

export interface View {
  fromMs: number;
  toMs: number;
}

export interface CoverageMark {
  recordingId: string;
  startMs: number;
  endMs: number;
  trigger: 'motion' | 'continuous' | 'manual';
}

export const widthOf = (view: View): number => view.toMs - view.fromMs;

/** Where an instant is in the view: 0 at its left edge, 1 at its right one. */
export const positionOf = (view: View, ms: number): number => (ms - view.fromMs) / widthOf(view);

export const instantAt = (view: View, position: number): number => view.fromMs + position * widthOf(view);

const shortestViewMs = 60_000;

/** Keeps a view inside the day without changing its width unless it is wider than the day. */
export const clampView = (view: View, day: View): View => {
  const width = Math.min(widthOf(day), Math.max(shortestViewMs, widthOf(view)));
  const fromMs = Math.min(Math.max(view.fromMs, day.fromMs), day.toMs - width);
  return { fromMs, toMs: fromMs + width };
};

/** Zooms by `factor` (below 1 is closer); `aroundMs` keeps its place. */
export const zoomView = (view: View, factor: number, aroundMs: number, day: View): View => {
  const width = Math.min(widthOf(day), Math.max(shortestViewMs, widthOf(view) * factor));
  const fromMs = aroundMs - positionOf(view, aroundMs) * width;
  return clampView({ fromMs, toMs: fromMs + width }, day);
};

export const panView = (view: View, byMs: number, day: View): View =>
  clampView({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs }, day);

/** Moves the view only as far as needed to show the instant, a tenth of its width away from the edge. */
export const revealInstant = (view: View, ms: number, day: View): View => {
  const margin = widthOf(view) / 10;
  if (ms < view.fromMs) return panView(view, ms - margin - view.fromMs, day);
  if (ms > view.toMs) return panView(view, ms + margin - view.toMs, day);
  return view;
};

const tickStepsMs = [10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000];

/** The instants to label, at most `most`; whole steps counted from the day's start. */
export const ticksOf = (view: View, day: View, most: number): number[] => {
  const step = tickStepsMs.find((candidate) => widthOf(view) / candidate <= most) ?? 43_200_000;
  const first = day.fromMs + Math.ceil((view.fromMs - day.fromMs) / step) * step;
  const ticks: number[] = [];
  for (let tick = first; tick <= view.toMs; tick += step) ticks.push(tick);
  return ticks;
};

/** Marks of one trigger that touch or nearly touch, drawn as one: keeps a day of thousands of clips cheap. */
export const mergeMarks = (marks: readonly CoverageMark[], gapMs: number): CoverageMark[] => {
  const merged: CoverageMark[] = [];
  for (const mark of [...marks].sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.findLast((other) => other.trigger === mark.trigger);
    if (last && mark.startMs - last.endMs <= gapMs) last.endMs = Math.max(last.endMs, mark.endMs);
    else merged.push({ ...mark });
  }
  return merged;
};

const preference = { motion: 0, manual: 1, continuous: 2 } as const;

/** What plays at an instant: of several the most telling one. */
export const markAt = (marks: readonly CoverageMark[], ms: number): CoverageMark | null =>
  marks.filter((mark) => mark.startMs <= ms && ms < mark.endMs).sort((a, b) => preference[a.trigger] - preference[b.trigger])[0] ?? null;

/** The first recorded instant at or after `ms`; null when nothing comes. */
export const nextCovered = (marks: readonly CoverageMark[], ms: number): number | null => {
  if (markAt(marks, ms)) return ms;
  const later = marks.filter((mark) => mark.startMs >= ms).map((mark) => mark.startMs);
  return later.length > 0 ? Math.min(...later) : null;
};

/** A stretch played without a hole: what follows `fromMs` while marks touch. The end of a span to ask one playlist for. */
export const stretchEnd = (marks: readonly CoverageMark[], fromMs: number, longestMs: number): number => {
  let end = fromMs;
  for (const mark of [...marks].sort((a, b) => a.startMs - b.startMs)) {
    if (mark.startMs <= end + 1000 && mark.endMs > end) end = mark.endMs;
  }
  return Math.min(end, fromMs + longestMs);
};

export type TimelineKey = 'ArrowLeft' | 'ArrowRight' | 'PageUp' | 'PageDown' | 'Home' | 'End';

/** Where a key moves the cursor: arrows a hundredth of the view (at least a second), pages a tenth. null: not a key of the timeline. */
export const seekByKey = (key: string, ms: number, view: View, day: View): number | null => {
  const small = Math.max(1000, Math.round(widthOf(view) / 100 / 1000) * 1000);
  const targets: Record<TimelineKey, number> = {
    ArrowLeft: ms - small,
    ArrowRight: ms + small,
    PageUp: ms - small * 10,
    PageDown: ms + small * 10,
    Home: day.fromMs,
    End: day.toMs - 1000,
  };
  const target = targets[key as TimelineKey];
  return target === undefined ? null : Math.min(Math.max(target, day.fromMs), day.toMs - 1000);
};

/** How much is recorded between two instants; what several recordings cover counts once. */
export const coveredMs = (marks: readonly CoverageMark[], fromMs: number, toMs: number): number => {
  let reached = fromMs;
  let sum = 0;
  for (const mark of [...marks].sort((a, b) => a.startMs - b.startMs)) {
    const start = Math.max(reached, mark.startMs);
    const end = Math.min(toMs, mark.endMs);
    if (end > start) {
      sum += end - start;
      reached = end;
    }
  }
  return sum;
};

/** Addresses carry whole seconds: an instant less than one before a mark means its beginning. */
export const snapToMark = (marks: readonly CoverageMark[], ms: number): number =>
  markAt(marks, ms) ? ms : (marks.find((mark) => mark.startMs > ms && mark.startMs - ms < 1000)?.startMs ?? ms);
