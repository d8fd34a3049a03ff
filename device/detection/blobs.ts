import type { Background } from './background.ts';
import type { ZoneMask } from './zone-mask.ts';

/** Pixels are gathered in cells of this side; cells that touch are one thing, so parts up to 7 pixels apart stay together. */
const cellPixels = 4;

/** A thing that differs from the background. Pixels throughout; `right` and `bottom` are the last ones in it. */
export interface Blob {
  areaPixels: number;
  movingPixels: number;
  /** Mean size of the difference, brightness units. */
  contrast: number;
  /** Mean squared step of the difference between neighbouring pixels: high for things, low for light. */
  roughness: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Include zones touched, one bit each. */
  zones: number;
}

/** Never more: a picture that falls apart in hundreds of pieces is a global change or rain, and the largest say enough. */
export const blobsAtMost = 64;

/** The picture is looked at in 4 × 3 regions to tell what is all over it from what is somewhere; this share of its cells makes a region changed. */
const regionColumns = 4;
const regionRows = 3;
const changedRegionShare = 0.04;

/** How much of the picture differs, watched or not. */
export interface Changed {
  /** Of its cells, 0 to 1. */
  share: number;
  /** Of its regions, 0 to 1. */
  regionsShare: number;
}

/** Finds connected things. Reuses all its memory: the blobs of one call are overwritten by the next. */
export class BlobFinder {
  readonly columns: number;
  readonly rows: number;
  readonly #area: Uint16Array;
  readonly #moving: Uint16Array;
  readonly #contrast: Float32Array;
  readonly #roughness: Float32Array;
  readonly #left: Uint16Array;
  readonly #right: Uint16Array;
  readonly #top: Uint16Array;
  readonly #bottom: Uint16Array;
  readonly #zones: Uint32Array;
  readonly #active: Uint8Array;
  readonly #seen: Uint8Array;
  readonly #stack: Uint32Array;
  readonly #regions = new Uint32Array(regionColumns * regionRows);
  readonly #pool: Blob[];

  constructor(width: number, height: number) {
    this.columns = Math.ceil(width / cellPixels);
    this.rows = Math.ceil(height / cellPixels);
    const cells = this.columns * this.rows;
    this.#area = new Uint16Array(cells);
    this.#moving = new Uint16Array(cells);
    this.#contrast = new Float32Array(cells);
    this.#roughness = new Float32Array(cells);
    this.#left = new Uint16Array(cells);
    this.#right = new Uint16Array(cells);
    this.#top = new Uint16Array(cells);
    this.#bottom = new Uint16Array(cells);
    this.#zones = new Uint32Array(cells);
    this.#active = new Uint8Array(cells);
    this.#seen = new Uint8Array(cells);
    this.#stack = new Uint32Array(cells);
    this.#pool = Array.from({ length: blobsAtMost }, () => emptyBlob());
  }

  /** Gathers the watched foreground into cells. */
  gather(background: Background, mask: ZoneMask): Changed {
    this.#area.fill(0);
    this.#active.fill(0);
    this.#seen.fill(0);
    const { width, height, foreground } = background;
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const index = y * width + x;
        if (foreground[index] && hasNeighbour(foreground, index, width)) this.#add(background, mask, index, x, y);
      }
    }
    return this.#changed();
  }

  /** Unsorted; at most {@link blobsAtMost}. */
  find(): Blob[] {
    const found: Blob[] = [];
    for (let cell = 0; cell < this.#area.length && found.length < blobsAtMost; cell++) {
      if (this.#seen[cell] || this.#area[cell] === 0) continue;
      const blob = this.#pool[found.length];
      if (!blob) break;
      this.#flood(cell, blob);
      found.push(blob);
    }
    return found;
  }

  #changed(): Changed {
    const regions = this.#regions.fill(0);
    let active = 0;
    for (let cell = 0; cell < this.#active.length; cell++) {
      if (this.#active[cell] === 0) continue;
      active += 1;
      const row = Math.floor(cell / this.columns);
      const column = cell - row * this.columns;
      const region = Math.floor((row * regionRows) / this.rows) * regionColumns + Math.floor((column * regionColumns) / this.columns);
      regions[region] = (regions[region] as number) + 1;
    }
    const enough = (changedRegionShare * this.#active.length) / regions.length;
    let changedRegions = 0;
    for (const count of regions) if (count >= enough) changedRegions += 1;
    return { share: active / this.#active.length, regionsShare: changedRegions / regions.length };
  }

  #add(background: Background, mask: ZoneMask, index: number, x: number, y: number): void {
    const cell = Math.floor(y / cellPixels) * this.columns + Math.floor(x / cellPixels);
    this.#active[cell] = 1;
    if (!mask.watched[index]) return;
    if (this.#area[cell] === 0) this.#clear(cell, x, y);
    const { difference, width } = background;
    const here = difference[index] as number;
    const stepRight = (difference[index + 1] as number) - here;
    const stepDown = (difference[index + width] as number) - here;
    this.#area[cell] = (this.#area[cell] as number) + 1;
    this.#moving[cell] = (this.#moving[cell] as number) + (background.moving[index] as number);
    this.#contrast[cell] = (this.#contrast[cell] as number) + Math.abs(here);
    this.#roughness[cell] = (this.#roughness[cell] as number) + stepRight * stepRight + stepDown * stepDown;
    this.#left[cell] = Math.min(this.#left[cell] as number, x);
    this.#right[cell] = Math.max(this.#right[cell] as number, x);
    this.#bottom[cell] = y;
    this.#zones[cell] = (this.#zones[cell] as number) | (mask.touched[index] as number);
  }

  #clear(cell: number, x: number, y: number): void {
    this.#moving[cell] = 0;
    this.#contrast[cell] = 0;
    this.#roughness[cell] = 0;
    this.#left[cell] = x;
    this.#right[cell] = x;
    this.#top[cell] = y;
    this.#zones[cell] = 0;
  }

  #flood(start: number, blob: Blob): void {
    Object.assign(blob, startingBlob);
    let depth = 0;
    this.#stack[depth++] = start;
    this.#seen[start] = 1;
    while (depth > 0) {
      const cell = this.#stack[--depth] as number;
      this.#join(blob, cell);
      const column = cell % this.columns;
      const row = (cell - column) / this.columns;
      for (let y = Math.max(0, row - 1); y <= Math.min(this.rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(this.columns - 1, column + 1); x++) {
          const next = y * this.columns + x;
          if (this.#seen[next] || this.#area[next] === 0) continue;
          this.#seen[next] = 1;
          this.#stack[depth++] = next;
        }
      }
    }
    blob.contrast /= blob.areaPixels;
    blob.roughness /= blob.areaPixels;
    blob.zones >>>= 0;
  }

  #join(blob: Blob, cell: number): void {
    blob.areaPixels += this.#area[cell] as number;
    blob.movingPixels += this.#moving[cell] as number;
    blob.contrast += this.#contrast[cell] as number;
    blob.roughness += this.#roughness[cell] as number;
    blob.left = Math.min(blob.left, this.#left[cell] as number);
    blob.top = Math.min(blob.top, this.#top[cell] as number);
    blob.right = Math.max(blob.right, this.#right[cell] as number);
    blob.bottom = Math.max(blob.bottom, this.#bottom[cell] as number);
    blob.zones |= this.#zones[cell] as number;
  }
}

const startingBlob: Readonly<Blob> = {
  areaPixels: 0,
  movingPixels: 0,
  contrast: 0,
  roughness: 0,
  left: 65_535,
  top: 65_535,
  right: 0,
  bottom: 0,
  zones: 0,
};

function emptyBlob(): Blob {
  return { ...startingBlob };
}

/** A pixel that stands alone is noise. */
function hasNeighbour(foreground: Uint8Array, index: number, width: number): boolean {
  return (
    foreground[index - 1] === 1 ||
    foreground[index + 1] === 1 ||
    foreground[index - width] === 1 ||
    foreground[index + width] === 1 ||
    foreground[index - width - 1] === 1 ||
    foreground[index - width + 1] === 1 ||
    foreground[index + width - 1] === 1 ||
    foreground[index + width + 1] === 1
  );
}
