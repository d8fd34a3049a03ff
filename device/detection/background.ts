import { Illumination } from './illumination.ts';

/** A pixel counts when it differs by this many deviations of its own noise … */
const noiseFactor = 4.5;
/** … and at least by this, about 8 % of brightness: what compression alone changes in a flat wall. */
const floorUnits = 10;
/** Of the light change at this place, how much its fit may be wrong (gamma, saturation, colour). */
const lightErrorShare = 0.25;

/** How fast the empty scene is followed, and how fast something left standing becomes part of it. */
const emptyFollowMs = 15_000;
const standingFollowMs = 60_000;
/** Light is followed quickly: the field is smooth, things do not hide in it. */
const lightFollowMs = 3_000;

const noiseFollowMs = 30_000;
const noiseAtFirst = 4;
const noiseAtLeast = 1.5;
/** One passing thing must not look like noise: a single difference counts at most this many deviations and units. */
const noiseCap = 4;
const noiseCapUnits = 4;
/** Mean absolute difference of two samples of one normal noise, in its deviations. */
const meanDifferenceOfNormal = 1.128;
/** A pixel's noise is at least this share of the picture's: gain that goes up at dusk is known at once. */
const pictureNoiseShare = 0.8;
const medianOfNormal = 0.6745;

/** Still or moving is judged against a picture at least this old, so that slow things have moved. */
export const lookBackMs = 900;

const noiseBins = 256;

/** What the empty scene looks like, how much each of its pixels flickers by itself, and how a picture differs from it. All arrays are reused. */
export class Background {
  readonly width: number;
  readonly height: number;
  readonly light: Illumination;
  /** Difference from the background, light taken out. */
  readonly difference: Float32Array;
  /** 1 where the difference is more than noise, light and a trembling camera explain. */
  readonly foreground: Uint8Array;
  /** 1 where it also changed since the picture looked back to. */
  readonly moving: Uint8Array;
  readonly #mean: Float32Array;
  readonly #noise: Float32Array;
  readonly #lightRow: Float32Array;
  readonly #histogram = new Uint32Array(noiseBins);
  #before: Float32Array;
  #since: Float32Array;
  #sinceBootMs = Number.NEGATIVE_INFINITY;
  #pictureNoise = noiseAtFirst;
  #lookedBack = false;
  #noiseSamples = 0;

  constructor(width: number, height: number) {
    const pixels = width * height;
    this.width = width;
    this.height = height;
    this.light = new Illumination(width, height);
    this.difference = new Float32Array(pixels);
    this.foreground = new Uint8Array(pixels);
    this.moving = new Uint8Array(pixels);
    this.#mean = new Float32Array(pixels);
    this.#noise = new Float32Array(pixels).fill(noiseAtFirst);
    this.#lightRow = new Float32Array(width);
    this.#before = new Float32Array(pixels);
    this.#since = new Float32Array(pixels);
  }

  /** The picture becomes the background; the noise known so far is kept. */
  restart(brightness: Float32Array, bootMs: number): void {
    this.#mean.set(brightness);
    this.#before.fill(0);
    this.#since.fill(0);
    this.#sinceBootMs = bootMs;
  }

  /** Fills {@link difference}, {@link foreground} and {@link moving}. */
  compare(brightness: Float32Array, bootMs: number): void {
    this.#lookedBack = bootMs - this.#sinceBootMs >= lookBackMs;
    if (this.#lookedBack) {
      const older = this.#before;
      this.#before = this.#since;
      this.#since = older;
    }
    this.light.fit(brightness, this.#mean);
    for (let y = 0; y < this.height; y++) this.#compareRow(brightness, y);
    this.#measureNoise();
    if (this.#lookedBack) {
      this.#since.set(this.difference);
      this.#sinceBootMs = bootMs;
    }
  }

  /** Learns from the picture just compared; `elapsedMs` since the one before. */
  learn(elapsedMs: number): void {
    const empty = followed(elapsedMs, emptyFollowMs);
    const standing = followed(elapsedMs, standingFollowMs);
    const light = followed(elapsedMs, lightFollowMs);
    const { width, difference, foreground } = this;
    const mean = this.#mean;
    const lightRow = this.#lightRow;
    for (let y = 0; y < this.height; y++) {
      this.light.alongRow(y, lightRow);
      const first = y * width;
      for (let x = 0; x < width; x++) {
        const index = first + x;
        const rate = foreground[index] === 1 ? standing : empty;
        mean[index] = (mean[index] as number) + (lightRow[x] as number) * light + (difference[index] as number) * rate;
      }
    }
    if (this.#lookedBack) this.#learnNoise(elapsedMs);
  }

  #learnNoise(elapsedMs: number): void {
    this.#noiseSamples += 1;
    const rate = Math.max(followed(Math.max(elapsedMs, lookBackMs), noiseFollowMs), 1 / (this.#noiseSamples + 1));
    const { difference } = this;
    const before = this.#before;
    const noise = this.#noise;
    for (let index = 0; index < noise.length; index++) {
      const known = noise[index] as number;
      const change = Math.abs((difference[index] as number) - (before[index] as number)) / meanDifferenceOfNormal;
      const most = noiseCap * known + noiseCapUnits;
      const next = known + ((change < most ? change : most) - known) * rate;
      noise[index] = next > noiseAtLeast ? next : noiseAtLeast;
    }
  }

  #compareRow(brightness: Float32Array, y: number): void {
    const { width, difference, foreground, moving } = this;
    const mean = this.#mean;
    const before = this.#before;
    const noise = this.#noise;
    const lightRow = this.#lightRow;
    this.light.alongRow(y, lightRow);
    const first = y * width;
    const commonNoise = this.#pictureNoise * pictureNoiseShare;
    for (let x = 0; x < width; x++) {
      const index = first + x;
      const light = lightRow[x] as number;
      const value = (brightness[index] as number) - light;
      const unlike = value - (mean[index] as number);
      difference[index] = unlike;
      foreground[index] = 0;
      moving[index] = 0;
      // Nearly all pixels leave here: this line is the detector's speed.
      if (unlike < floorUnits && unlike > -floorUnits) continue;
      const ownNoise = noise[index] as number;
      const limit = noiseFactor * (ownNoise > commonNoise ? ownNoise : commonNoise) + floorUnits + lightErrorShare * Math.abs(light);
      if (unlike < limit && unlike > -limit) continue;
      if (this.#beyondNeighbours(value, x, y) < limit) continue;
      foreground[index] = 1;
      if (Math.abs(unlike - (before[index] as number)) > limit) moving[index] = 1;
    }
  }

  /** A camera that trembles, or an edge that compression moved, shows the neighbour's background: how far the value is outside of all of them. */
  #beyondNeighbours(value: number, x: number, y: number): number {
    const mean = this.#mean;
    const index = y * this.width + x;
    const here = mean[index] as number;
    const up = y > 0 ? (mean[index - this.width] as number) : here;
    const down = y < this.height - 1 ? (mean[index + this.width] as number) : here;
    const left = x > 0 ? (mean[index - 1] as number) : here;
    const right = x < this.width - 1 ? (mean[index + 1] as number) : here;
    return Math.max(Math.min(here, up, down, left, right) - value, value - Math.max(here, up, down, left, right));
  }

  /** The noise of the whole picture: the median difference, which things do not reach. */
  #measureNoise(): void {
    const histogram = this.#histogram.fill(0);
    let counted = 0;
    for (let index = 0; index < this.difference.length; index += 3) {
      const bin = Math.min(noiseBins - 1, Math.floor(Math.abs(this.difference[index] as number) * 4));
      histogram[bin] = (histogram[bin] as number) + 1;
      counted += 1;
    }
    let below = 0;
    for (let bin = 0; bin < noiseBins; bin++) {
      below += histogram[bin] as number;
      if (below * 2 < counted) continue;
      this.#pictureNoise = (bin + 0.5) / 4 / medianOfNormal;
      return;
    }
  }
}

/** The share of a difference taken over in `elapsedMs`. */
function followed(elapsedMs: number, followMs: number): number {
  return 1 - Math.exp(-elapsedMs / followMs);
}
