import type { Box, MotionSettings } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { LumaPicture } from '#device/media/packet.ts';
import { Background } from './background.ts';
import { type Blob, BlobFinder, type Changed } from './blobs.ts';
import { toBrightness } from './brightness.ts';
import type { Detector, MotionObservation } from './detection.ts';
import { scoreOfArea, thresholdOf } from './sensitivity.ts';
import { rasterise, type ZoneMask } from './zone-mask.ts';

/** After a global change nothing counts before this many pictures and this time: exposure settles within about 2 s. */
const settlePictures = 2;
const settleMs = 1_500;
/** At the very first a moving tree must be seen to move before it can be known as a place that always moves. */
const firstSettlePictures = 3;
const firstSettleMs = 5_500;
/** More cells than this differing is not a thing. */
const globalShare = 0.4;
/** When the light changed a lot (brightness units, mean) shadows and colours change too: less is enough then, if it is all over the picture. */
const strongLight = 12;
const globalShareInStrongLight = 0.12;
const allOver = 0.6;
/** Every region differing: a turned camera. */
const globalShareEverywhere = 0.15;
const everywhere = 0.9;
/** Lights are switched and cameras turned within this time; a crowd that fills the picture for longer is not a global change. */
const globalPatienceMs = 10_000;
/** No pictures for this long: what was learnt is old. */
const forgetMs = 60_000;

/** A standing thing sways: a quarter of it moving counts as all of it. */
const movingShareOfWhole = 0.25;
/** A thing's edge is this steep at least; light fades over many pixels. See {@link edgeSteepness}. */
const steepnessOfThings = 0.12;
/** In rain all are alike; the nth largest says how large rain is, and a thing must stand out from it. */
const peerRank = 8;
const peerWeight = 0.8;
/** Drops are not larger than this score: a crowd must not pass as rain. */
const rainAtMost = 0.3;
const boxesAtMost = 8;

interface Rated {
  blob: Blob;
  score: number;
}

/** Everything that depends on the size of the pictures. */
interface Canvas {
  background: Background;
  finder: BlobFinder;
  brightness: Float32Array;
  mask: ZoneMask;
}

export class MotionDetector implements Detector {
  #settings: MotionSettings;
  #threshold: number;
  #canvas: Canvas | null = null;
  #lastBootMs = 0;
  #settleUntilMs = 0;
  #picturesToSettle = 0;
  /** Since when each picture was a global change. */
  #globalSinceMs: number | null = null;
  #isLightNew = false;

  constructor(settings: MotionSettings) {
    this.#settings = settings;
    this.#threshold = thresholdOf(settings.sensitivity);
  }

  configure(settings: MotionSettings): void {
    this.#settings = settings;
    this.#threshold = thresholdOf(settings.sensitivity);
    if (!this.#canvas) return;
    this.#canvas.mask = rasterise(settings.zones, this.#canvas.background.width, this.#canvas.background.height);
  }

  lightChanged(): void {
    this.#isLightNew = true;
  }

  observe(picture: LumaPicture): MotionObservation {
    if (picture.luma.length !== picture.width * picture.height || picture.luma.length === 0) {
      // Half a picture would poison the background for minutes.
      throw new Failure('internal', 'A picture for detection is not as large as it says.');
    }
    const canvas = this.#canvasFor(picture);
    const { background, brightness, finder, mask } = canvas;
    const elapsedMs = picture.bootMs - this.#lastBootMs;
    this.#lastBootMs = picture.bootMs;
    toBrightness(picture.luma, brightness);
    if (elapsedMs > forgetMs || elapsedMs < 0) this.#beginAgain(canvas, picture.bootMs, firstSettlePictures, firstSettleMs);
    if (this.#isLightNew) this.#beginAgain(canvas, picture.bootMs, settlePictures, settleMs);
    this.#isLightNew = false;
    background.compare(brightness, picture.bootMs);
    const changed = finder.gather(background, mask);
    if (this.#isPassingGlobalChange(isGlobal(changed, background.light.strength()), picture.bootMs)) {
      this.#beginAgain(canvas, picture.bootMs, settlePictures, settleMs);
      return this.#nothing(picture.bootMs, true);
    }
    const observation = this.#isSettling(picture.bootMs) ? this.#nothing(picture.bootMs, true) : this.#judge(canvas, picture.bootMs);
    background.learn(elapsedMs);
    return observation;
  }

  #canvasFor(picture: LumaPicture): Canvas {
    const { width, height } = picture;
    const canvas = this.#canvas;
    if (canvas && canvas.background.width === width && canvas.background.height === height) return canvas;
    const fresh: Canvas = {
      background: new Background(width, height),
      finder: new BlobFinder(width, height),
      brightness: new Float32Array(width * height),
      mask: rasterise(this.#settings.zones, width, height),
    };
    this.#canvas = fresh;
    this.#lastBootMs = picture.bootMs;
    toBrightness(picture.luma, fresh.brightness);
    this.#beginAgain(fresh, picture.bootMs, firstSettlePictures, firstSettleMs);
    return fresh;
  }

  #beginAgain(canvas: Canvas, bootMs: number, pictures: number, durationMs: number): void {
    canvas.background.restart(canvas.brightness, bootMs);
    this.#settleUntilMs = bootMs + durationMs;
    this.#picturesToSettle = pictures;
  }

  #isPassingGlobalChange(isGlobalNow: boolean, bootMs: number): boolean {
    if (!isGlobalNow) {
      this.#globalSinceMs = null;
      return false;
    }
    this.#globalSinceMs ??= bootMs;
    return bootMs - this.#globalSinceMs <= globalPatienceMs;
  }

  #isSettling(bootMs: number): boolean {
    if (this.#picturesToSettle > 0) this.#picturesToSettle -= 1;
    return this.#picturesToSettle > 0 || bootMs < this.#settleUntilMs;
  }

  #nothing(bootMs: number, globalChange: boolean): MotionObservation {
    return { bootMs, score: 0, threshold: this.#threshold, boxes: [], zones: [], globalChange };
  }

  #judge(canvas: Canvas, bootMs: number): MotionObservation {
    const { width, height } = canvas.background;
    const rated: Rated[] = canvas.finder.find().map((blob) => ({ blob, score: rate(blob, height) }));
    rated.sort((a, b) => b.score - a.score);
    const rain = Math.min(rainAtMost, (rated[peerRank - 1]?.score ?? 0) * peerWeight);
    const boxes: Box[] = [];
    let zones = 0;
    for (const { blob, score } of rated) {
      if (score - rain < this.#threshold || boxes.length >= boxesAtMost) break;
      boxes.push(boxOf(blob, score - rain, width, height));
      zones |= blob.zones;
    }
    return {
      bootMs,
      score: Math.max(0, (rated[0]?.score ?? 0) - rain),
      threshold: this.#threshold,
      boxes,
      zones: canvas.mask.names.filter((_, bit) => (zones & (1 << bit)) !== 0),
      globalChange: false,
    };
  }
}

function isGlobal(changed: Changed, light: number): boolean {
  if (changed.share > globalShare) return true;
  if (changed.share > globalShareEverywhere && changed.regionsShare >= everywhere) return true;
  return light > strongLight && changed.share > globalShareInStrongLight && changed.regionsShare >= allOver;
}

/** About 1/2 for a thing with sharp edges and no texture, more with texture; the inverse of the edge's width in pixels. */
function edgeSteepness(blob: Blob): number {
  const aroundPixels = 2 * Math.sqrt(blob.areaPixels);
  return (blob.roughness * blob.areaPixels) / (aroundPixels * blob.contrast * blob.contrast);
}

function rate(blob: Blob, heightPixels: number): number {
  if (edgeSteepness(blob) < steepnessOfThings) return 0;
  const area = Math.min(blob.areaPixels, blob.movingPixels / movingShareOfWhole);
  return scoreOfArea(area, heightPixels);
}

function boxOf(blob: Blob, score: number, width: number, height: number): Box {
  return {
    x: blob.left / width,
    y: blob.top / height,
    width: (blob.right + 1 - blob.left) / width,
    height: (blob.bottom + 1 - blob.top) / height,
    score,
  };
}
