import type { LumaPicture } from '#device/media/packet.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** Grey pictures of a made-up place in which a test lets things happen. All positions and sizes are shares of the picture, 0 to 1. */
export interface SceneOptions {
  width: number;
  height: number;
  seed: number;
  /** Mean grey of the place; 110 is a day, 25 a night. */
  meanGrey: number;
  /** Deviation of the sensor's noise, grey levels. */
  noiseGrey: number;
}

export interface SceneThing {
  /** Centre. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Grey of its middle; its texture is around it. */
  grey: number;
  shape: 'person' | 'box' | 'spot';
}

/** What is different from the empty place at one moment. */
export interface SceneMoment {
  things?: readonly SceneThing[];
  /** Multiplies everything: lamps, clouds, camera gain. */
  gain?: number;
  /** Bends the tones, as switching the infrared filter does; 1 is straight. */
  gamma?: number;
  /** Light with soft edges: `strength` 0.5 makes its middle half as bright again, negative is shade. */
  lights?: readonly { x: number; y: number; radius: number; strength: number; sharp?: boolean }[];
  /** The camera trembles by so many pixels. */
  shiftX?: number;
  shiftY?: number;
  noiseGrey?: number;
  /** Bright streaks at random places. */
  streaks?: number;
}

export class SimulatedScene {
  readonly #options: SceneOptions;
  readonly #empty: Float32Array;
  readonly #canvas: Float32Array;
  readonly #noise: Float32Array;
  readonly #random: SeededRandom;

  constructor(options: SceneOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#empty = emptyPlace(options, this.#random);
    this.#canvas = new Float32Array(options.width * options.height);
    this.#noise = Float32Array.from({ length: 1 << 16 }, () => this.#random.gaussian());
  }

  picture(bootMs: number, moment: SceneMoment = {}): LumaPicture {
    const { width, height, noiseGrey } = this.#options;
    this.#drawPlace(moment.shiftX ?? 0, moment.shiftY ?? 0);
    for (const thing of moment.things ?? []) this.#drawThing(thing);
    for (const light of moment.lights ?? []) this.#shine(light);
    for (let streak = 0; streak < (moment.streaks ?? 0); streak++) this.#drawStreak();
    const luma = this.#expose(moment.gain ?? 1, moment.gamma ?? 1, moment.noiseGrey ?? noiseGrey);
    return { width, height, luma, bootMs };
  }

  #drawPlace(shiftX: number, shiftY: number): void {
    const { width, height } = this.#options;
    for (let y = 0; y < height; y++) {
      const fromY = Math.min(height - 1, Math.max(0, y + Math.round(shiftY)));
      for (let x = 0; x < width; x++) {
        const fromX = Math.min(width - 1, Math.max(0, x + Math.round(shiftX)));
        this.#canvas[y * width + x] = this.#empty[fromY * width + fromX] as number;
      }
    }
  }

  #drawThing(thing: SceneThing): void {
    this.#within(thing.x, thing.y, thing.width / 2, thing.height / 2, (index, across, down) => {
      if (thing.shape === 'spot') {
        const share = Math.max(0, 1 - across * across - down * down);
        this.#canvas[index] = (this.#canvas[index] as number) * (1 - share) + thing.grey * share;
        return;
      }
      // A head, a body that is darker below, and stripes that move with it.
      const isHead = thing.shape === 'person' && down < -0.68;
      if (isHead && (across / 0.5) ** 2 + ((down + 0.84) / 0.16) ** 2 > 1) return;
      const stripe = Math.sin(across * 5) + Math.sin(down * 9 + across * 2);
      this.#canvas[index] = thing.grey * (1 + 0.12 * stripe - 0.2 * Math.max(0, down));
    });
  }

  #shine(light: { x: number; y: number; radius: number; strength: number; sharp?: boolean }): void {
    const { width, height } = this.#options;
    const radiusY = (light.radius * width) / height;
    this.#within(light.x, light.y, light.radius, radiusY, (index, across, down) => {
      const inside = Math.max(0, 1 - across * across - down * down);
      const share = light.sharp ? Math.min(1, inside * 6) : inside * inside;
      this.#canvas[index] = (this.#canvas[index] as number) * (1 + light.strength * share);
    });
  }

  #drawStreak(): void {
    const { width, height } = this.#options;
    const length = Math.round(height * (0.02 + 0.06 * this.#random.next()));
    const left = Math.floor(this.#random.next() * (width - length - 1));
    const top = Math.floor(this.#random.next() * (height - length - 1));
    const slant = this.#random.next() * 0.4;
    for (let step = 0; step < length; step++) {
      const index = (top + step) * width + left + Math.floor(step * slant);
      this.#canvas[index] = (this.#canvas[index] as number) * 0.5 + 110;
    }
  }

  #expose(gain: number, gamma: number, noiseGrey: number): Uint8Array {
    const luma = new Uint8Array(this.#canvas.length);
    let at = Math.floor(this.#random.next() * this.#noise.length);
    for (let index = 0; index < luma.length; index++) {
      if (index % 4096 === 0) at = Math.floor(this.#random.next() * this.#noise.length);
      at = (at + 1) % this.#noise.length;
      const lit = (this.#canvas[index] as number) * gain;
      const bent = gamma === 1 ? lit : 255 * Math.max(0, lit / 255) ** gamma;
      luma[index] = Math.min(255, Math.max(0, Math.round(bent + noiseGrey * (this.#noise[at] as number))));
    }
    return luma;
  }

  /** Calls with each pixel of an ellipse's bounding box and where in it that is, -1 to 1. */
  #within(x: number, y: number, radiusX: number, radiusY: number, paint: (index: number, across: number, down: number) => void): void {
    const { width, height } = this.#options;
    const halfWidth = radiusX * width;
    const halfHeight = radiusY * height;
    for (let row = Math.max(0, Math.ceil(y * height - halfHeight)); row < Math.min(height, y * height + halfHeight); row++) {
      for (let column = Math.max(0, Math.ceil(x * width - halfWidth)); column < Math.min(width, x * width + halfWidth); column++) {
        paint(row * width + column, (column - x * width) / halfWidth, (row - y * height) / halfHeight);
      }
    }
  }
}

/** Ground and sky, walls with edges, and texture of three sizes. */
function emptyPlace(options: SceneOptions, random: SeededRandom): Float32Array {
  const { width, height, meanGrey } = options;
  const place = new Float32Array(width * height);
  for (let y = 0; y < height; y++) place.fill(meanGrey * (1.25 - 0.5 * (y / height)), y * width, (y + 1) * width);
  for (let wall = 0; wall < 9; wall++) {
    const left = Math.floor(random.next() * width * 0.9);
    const top = Math.floor(random.next() * height * 0.8);
    const right = Math.min(width, left + Math.floor((0.05 + random.next() * 0.25) * width));
    const bottom = Math.min(height, top + Math.floor((0.08 + random.next() * 0.35) * height));
    const tone = 0.55 + random.next() * 0.95;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) place[y * width + x] = (place[y * width + x] as number) * 0.4 + meanGrey * tone * 0.6;
    }
  }
  for (const [cells, share] of [
    [10, 0.1],
    [40, 0.08],
    [120, 0.06],
  ] as const) {
    addTexture(place, width, height, cells, share, random);
  }
  return place;
}

function addTexture(place: Float32Array, width: number, height: number, cells: number, share: number, random: SeededRandom): void {
  const columns = cells + 2;
  const grid = Float32Array.from({ length: columns * columns }, () => random.gaussian());
  for (let y = 0; y < height; y++) {
    const row = (y / height) * cells;
    const top = Math.floor(row);
    for (let x = 0; x < width; x++) {
      const column = (x / width) * cells;
      const left = Math.floor(column);
      const at = top * columns + left;
      const upper = mix(grid[at] as number, grid[at + 1] as number, column - left);
      const lower = mix(grid[at + columns] as number, grid[at + columns + 1] as number, column - left);
      place[y * width + x] = (place[y * width + x] as number) * (1 + share * mix(upper, lower, row - top));
    }
  }
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
