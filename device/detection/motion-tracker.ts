import type { Box } from '#device/contract/contract.ts';
import type { MotionObservation, MotionTracker, MotionTransition } from './detection.ts';

/** Two observations this far apart at least make an event: at 5 pictures a second three or more of them. */
const evidenceMs = 500;
/** With pictures seldomer than this, one observation this much above the threshold (four times the size) is enough. */
const seldomMs = 1_000;
const strongMargin = 0.3;
/** Evidence older than this, or than so many pictures, is forgotten. */
const evidenceWindowMs = 1_500;
const evidenceWindowPictures = 2.5;
/** A thing moves about this many of its own sizes in a second, and boxes tremble by this share of the picture. */
const sizesPerSecond = 3;
const boxTremble = 0.04;
const reachAtMost = 0.3;

/** What keeps an event on is half a person smaller than what starts it. */
const stayOnMargin = 0.15;
/** Quiet for this long, or for so many pictures, ends an event: a person that reads stands still about as long. */
const quietMs = 7_000;
const quietPictures = 2.5;
/** What goes on longer is told as several events, one after the other without a gap. */
const longestEventMs = 300_000;
const updateEveryMs = 1_000;

const intervalAtFirstMs = 2_000;
const intervalSmoothing = 0.25;

interface Evidence {
  bootMs: number;
  /** When the chain of evidence that leads here began. */
  sinceBootMs: number;
  links: number;
  boxes: Box[];
  /** The strongest observation of the chain. */
  best: MotionObservation;
  /** Zones touched along the chain. */
  zones: string[];
}

interface CurrentEvent {
  startBootMs: number;
  lastSignBootMs: number;
  lastToldBootMs: number;
  bestBootMs: number;
  score: number;
  boxes: Box[];
  zones: Set<string>;
}

export class EventTracker implements MotionTracker {
  #evidence: Evidence[] = [];
  #event: CurrentEvent | null = null;
  #lastBootMs: number | null = null;
  #intervalMs = intervalAtFirstMs;
  /** Since when, without a break, something weak was seen. */
  #stirringSinceMs: number | null = null;

  observe(observation: MotionObservation): MotionTransition[] {
    const told = this.tick(observation.bootMs);
    this.#measureInterval(observation.bootMs);
    if (observation.globalChange) {
      this.#evidence = [];
      this.#stirringSinceMs = null;
      return told;
    }
    const stirs = observation.score > 0 && observation.score >= observation.threshold - stayOnMargin;
    this.#stirringSinceMs = stirs ? (this.#stirringSinceMs ?? observation.bootMs) : null;
    if (this.#event) {
      if (stirs) told.push(...this.#goOn(this.#event, observation));
      return told;
    }
    const evidence = this.#confirmed(observation);
    if (evidence) told.push(this.#begin(Math.min(evidence.sinceBootMs, this.#stirringSinceMs ?? evidence.sinceBootMs), evidence));
    return told;
  }

  tick(bootMs: number): MotionTransition[] {
    const event = this.#event;
    if (!event) return [];
    const patienceMs = Math.max(quietMs, this.#intervalMs * quietPictures);
    return bootMs - event.lastSignBootMs > patienceMs ? [this.#finish(event)] : [];
  }

  stop(_bootMs: number): MotionTransition[] {
    const told = this.#event ? [this.#finish(this.#event)] : [];
    this.#evidence = [];
    this.#stirringSinceMs = null;
    this.#lastBootMs = null;
    return told;
  }

  #measureInterval(bootMs: number): void {
    if (this.#lastBootMs !== null && bootMs > this.#lastBootMs) {
      this.#intervalMs += (Math.min(bootMs - this.#lastBootMs, 10_000) - this.#intervalMs) * intervalSmoothing;
    }
    this.#lastBootMs = bootMs;
  }

  /** The chain that leads to this observation, once it is evidence enough; null while it is not. */
  #confirmed(observation: MotionObservation): Evidence | null {
    const { bootMs, boxes, score, threshold } = observation;
    if (score < threshold || boxes.length === 0) return null;
    const windowMs = Math.max(evidenceWindowMs, this.#intervalMs * evidenceWindowPictures);
    this.#evidence = this.#evidence.filter((earlier) => bootMs - earlier.bootMs <= windowMs);
    const linked = this.#evidence.filter((earlier) => canBeTheSame(earlier, boxes, bootMs));
    const sinceBootMs = Math.min(bootMs, ...linked.map((earlier) => earlier.sinceBootMs));
    const links = 1 + Math.max(0, ...linked.map((earlier) => earlier.links));
    const best = linked.reduce((most, earlier) => (earlier.best.score > most.score ? earlier.best : most), observation);
    const zones = [...new Set([...linked.flatMap((earlier) => earlier.zones), ...observation.zones])];
    const evidence: Evidence = { bootMs, sinceBootMs, links, boxes, best, zones };
    this.#evidence.push(evidence);
    const strong = score >= threshold + strongMargin && this.#intervalMs >= seldomMs;
    const often = this.#intervalMs < evidenceMs;
    const enough = links >= (often ? 3 : 2) && bootMs - sinceBootMs >= evidenceMs;
    return strong || enough ? evidence : null;
  }

  #begin(startBootMs: number, { bootMs, best, zones }: Pick<Evidence, 'bootMs' | 'best' | 'zones'>): MotionTransition {
    this.#evidence = [];
    this.#event = {
      startBootMs,
      lastSignBootMs: bootMs,
      lastToldBootMs: bootMs,
      bestBootMs: best.bootMs,
      score: best.score,
      boxes: best.boxes,
      zones: new Set(zones),
    };
    return { phase: 'started', startBootMs, ...told(this.#event) };
  }

  #goOn(event: CurrentEvent, observation: MotionObservation): MotionTransition[] {
    const { bootMs } = observation;
    event.lastSignBootMs = bootMs;
    for (const zone of observation.zones) event.zones.add(zone);
    if (observation.score > event.score) {
      event.score = observation.score;
      event.bestBootMs = bootMs;
      event.boxes = observation.boxes;
    }
    if (bootMs - event.startBootMs >= longestEventMs)
      return [this.#finish(event), this.#begin(bootMs, { bootMs, best: observation, zones: observation.zones })];
    if (bootMs - event.lastToldBootMs < updateEveryMs) return [];
    event.lastToldBootMs = bootMs;
    return [{ phase: 'updated', startBootMs: event.startBootMs, ...told(event) }];
  }

  #finish(event: CurrentEvent): MotionTransition {
    this.#event = null;
    return { phase: 'ended', startBootMs: event.startBootMs, endBootMs: event.lastSignBootMs, ...told(event) };
  }
}

function told(event: CurrentEvent): { score: number; boxes: Box[]; zones: string[]; bestBootMs: number } {
  return { score: event.score, boxes: event.boxes, zones: [...event.zones], bestBootMs: event.bestBootMs };
}

/** Whether any of the boxes can be a thing seen earlier: rain and insects are somewhere else each time. */
function canBeTheSame(earlier: Evidence, boxes: readonly Box[], bootMs: number): boolean {
  const seconds = (bootMs - earlier.bootMs) / 1000;
  return boxes.some((box) =>
    earlier.boxes.some((other) => {
      const size = Math.max(box.width, box.height, other.width, other.height);
      const reach = Math.min(reachAtMost, boxTremble + sizesPerSecond * size * seconds);
      return gap(box.x, box.width, other.x, other.width) <= reach && gap(box.y, box.height, other.y, other.height) <= reach;
    }),
  );
}

function gap(a: number, aLength: number, b: number, bLength: number): number {
  return Math.max(0, a - (b + bLength), b - (a + aLength));
}
