import type { Detection, MotionTransition } from '#device/detection/detection.ts';
import type { LumaPicture } from '#device/media/packet.ts';
import type { Clip } from './clips.ts';

/** An event that begins or goes on this long before or after a labelled stretch is about it. */
const toleranceS = 2;

export interface Verdict {
  found: number;
  labels: number;
  falseEvents: [number, number][];
  missed: [number, number][];
  /** Seconds for which events were on beside every label: an event that never ends would touch all labels and look right. */
  besideS: number;
  /** Seconds from the label's begin until the event was told, for each label that began one. */
  delaysS: number[];
  events: number;
  detectorCpuMs: number;
  pictures: number;
}

interface FoundEvent {
  fromS: number;
  toS: number;
  toldS: number;
  /** Seconds at which something counted. */
  signsS: number[];
}

export function watch(detection: Detection, clip: Clip, pictures: readonly LumaPicture[], trace: (line: string) => void): Verdict {
  const detector = detection.detector({ enabled: true, sensitivity: clip.sensitivity, zones: [] });
  const tracker = detection.tracker();
  const events: FoundEvent[] = [];
  let detectorCpuUs = 0;
  const hear = (transitions: readonly MotionTransition[], bootMs: number) => {
    for (const transition of transitions) {
      if (transition.phase === 'started') {
        events.push({ fromS: transition.startBootMs / 1000, toS: Number.POSITIVE_INFINITY, toldS: bootMs / 1000, signsS: [] });
      }
      const event = events.at(-1);
      if (event && transition.phase === 'ended') event.toS = transition.endBootMs / 1000;
    }
  };
  for (const picture of pictures) {
    const before = process.cpuUsage();
    const observation = detector.observe(picture);
    const used = process.cpuUsage(before);
    detectorCpuUs += used.user + used.system;
    hear(tracker.observe(observation), picture.bootMs);
    const event = events.at(-1);
    const isOn = event?.toS === Number.POSITIVE_INFINITY;
    if (isOn && observation.score >= observation.threshold) event.signsS.push(picture.bootMs / 1000);
    const score = `${observation.score.toFixed(2)}/${observation.threshold.toFixed(2)}`;
    trace(`${(picture.bootMs / 1000).toFixed(1).padStart(6)} ${score} ${observation.globalChange ? 'global' : ''} ${isOn ? 'ON' : ''}`);
  }
  hear(tracker.stop(clip.durationS * 1000), clip.durationS * 1000);
  return { ...judge(clip, events), events: events.length, detectorCpuMs: detectorCpuUs / 1000, pictures: pictures.length };
}

/** A label is found when something counted within it (or within the tolerance after it) while an event was on. An event is false when it touches no label. */
function judge(
  clip: Clip,
  events: readonly FoundEvent[],
): Pick<Verdict, 'found' | 'labels' | 'falseEvents' | 'missed' | 'delaysS' | 'besideS'> {
  const missed: [number, number][] = [];
  const delaysS: number[] = [];
  for (const [from, to] of clip.events) {
    const signs = events.flatMap((event) => [event.toldS, ...event.signsS].map((at) => Math.max(at, event.toldS)));
    const within = signs.filter((at) => at >= from && at <= to + toleranceS);
    if (within.length === 0) missed.push([from, to]);
    else delaysS.push(Math.min(...within) - from);
  }
  const falseEvents = events
    .filter((event) => !clip.events.some(([from, to]) => event.toS >= from - toleranceS && event.fromS <= to + toleranceS))
    .map((event): [number, number] => [event.fromS, event.toS]);
  return {
    found: clip.events.length - missed.length,
    labels: clip.events.length,
    falseEvents,
    missed,
    delaysS,
    besideS: beside(clip, events),
  };
}

function beside(clip: Clip, events: readonly FoundEvent[]): number {
  const stepS = 0.1;
  let seconds = 0;
  for (let at = 0; at < clip.durationS; at += stepS) {
    const isOn = events.some(({ fromS, toS }) => at >= fromS && at <= toS);
    const isLabelled = clip.events.some(([from, to]) => at >= from - toleranceS && at <= to + toleranceS);
    if (isOn && !isLabelled) seconds += stepS;
  }
  return seconds;
}
