import type { TimedPacket } from '#device/media/packet.ts';
import type { PacketGate } from './detection.ts';

/** Sizes depend on how far a picture is from its key picture; the first ones are told apart singly, later ones in runs. */
const singlePositions = 16;
const positionsInRun = 8;
const placesAtMost = 256;
/** How quickly a place's usual size follows: over about this many groups of pictures. */
const groupsRemembered = 8;

/** One picture's size says nothing (z scores of single pictures found 2 of 19 events); eight together do. */
const averagedPictures = 8;
/** The rolling median and deviation are over this many averages, taken every {@link averagedPictures} pictures: a minute and a half at 20 a second. */
const rememberedAverages = 240;
/** Cold it found 11 of 32 events instead of 30: silent until this many key pictures and this time have passed. */
const groupsToWarm = 4;
const warmMs = 40_000;

/** The spread is that of the smaller averages: from the median down to this share lies one deviation, and movement only enlarges. */
const oneDeviationBelow = 0.159;
/** A place's usual size is not pulled up by movement: an octave counts at most this much. */
const pullAtMost = 0.25;
/** Octaves; a still scene of an encoder without noise has no spread at all. */
const deviationAtLeast = 0.02;
/** Deviations; twice in a row of averages that share no picture is one false wake in some hours of even noise. */
const firstThreshold = 2;
const hitsInARow = 2;
const raiseOnFalseWake = 1.25;
const thresholdAtMost = 6;
/** A raised threshold is back half way after this time. */
const forgiveMs = 600_000;
/** Having woken, a decoder looks for this long anyway. */
const restMs = 4_000;

/** The time-honoured signs of movement in a stream nobody decodes: pictures become larger than they usually are at their place in the group. */
export class SizeGate implements PacketGate {
  readonly #usual = new Float64Array(placesAtMost);
  readonly #timesSeen = new Uint32Array(placesAtMost);
  readonly #averages = new Float64Array(rememberedAverages);
  readonly #sorted = new Float64Array(rememberedAverages);
  #averagesKept = 0;
  #nextAverage = 0;
  #position = -1;
  #groups = 0;
  #pictures = 0;
  #sum = 0;
  #hits = 0;
  #threshold = firstThreshold;
  #median = 0;
  #deviation = deviationAtLeast;
  #firstBootMs: number | null = null;
  #lastBootMs = 0;
  #restUntilMs = 0;

  observe(packet: TimedPacket): boolean {
    if (packet.track !== 'video' || packet.data.byteLength === 0) return false;
    this.#firstBootMs ??= packet.bootMs;
    this.#forgive(packet.bootMs);
    if (packet.key) {
      this.#groups += 1;
      this.#position = 0;
      return false;
    }
    if (this.#groups === 0) return false;
    this.#position += 1;
    const residual = this.#residual(Math.log2(packet.data.byteLength));
    if (residual === null) return false;
    return this.#weigh(residual, packet.bootMs, this.#firstBootMs);
  }

  falseWake(): void {
    this.#threshold = Math.min(thresholdAtMost, this.#threshold * raiseOnFalseWake);
  }

  #forgive(bootMs: number): void {
    const elapsedMs = Math.max(0, bootMs - this.#lastBootMs);
    this.#lastBootMs = bootMs;
    this.#threshold = firstThreshold + (this.#threshold - firstThreshold) * 0.5 ** (elapsedMs / forgiveMs);
  }

  /** How many octaves larger than usual here; null where nothing usual is known yet. */
  #residual(octaves: number): number | null {
    const after = this.#position - 1;
    const run = after < singlePositions ? after : singlePositions + Math.floor((after - singlePositions) / positionsInRun);
    const place = Math.min(run, placesAtMost - 1);
    const seen = this.#timesSeen[place] as number;
    const usual = this.#usual[place] as number;
    const samplesAGroup = place < singlePositions ? 1 : positionsInRun;
    const remembered = Math.min(seen + 1, groupsRemembered * samplesAGroup);
    this.#timesSeen[place] = seen + 1;
    const pull = seen < samplesAGroup * 2 ? octaves - usual : Math.min(pullAtMost, Math.max(-pullAtMost, octaves - usual));
    this.#usual[place] = usual + pull / remembered;
    return seen < samplesAGroup ? null : octaves - usual;
  }

  #weigh(residual: number, bootMs: number, firstBootMs: number): boolean {
    this.#sum += residual;
    this.#pictures += 1;
    if (this.#pictures < averagedPictures) return false;
    const average = this.#sum / averagedPictures;
    this.#sum = 0;
    this.#pictures = 0;
    const above = (average - this.#median) / this.#deviation;
    this.#remember(average);
    this.#hits = above > this.#threshold ? this.#hits + 1 : 0;
    const isWarm = this.#groups > groupsToWarm && bootMs - firstBootMs >= warmMs;
    if (!isWarm || this.#hits < hitsInARow || bootMs < this.#restUntilMs) return false;
    this.#restUntilMs = bootMs + restMs;
    return true;
  }

  #remember(average: number): void {
    this.#averages[this.#nextAverage] = average;
    this.#nextAverage = (this.#nextAverage + 1) % rememberedAverages;
    this.#averagesKept = Math.min(rememberedAverages, this.#averagesKept + 1);
    const kept = this.#sorted.subarray(0, this.#averagesKept);
    kept.set(this.#averages.subarray(0, this.#averagesKept));
    kept.sort();
    this.#median = kept[kept.length >> 1] ?? 0;
    const below = kept[Math.floor(kept.length * oneDeviationBelow)] ?? 0;
    this.#deviation = Math.max(deviationAtLeast, this.#median - below);
  }
}
