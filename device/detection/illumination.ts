/** Side of the square in which the light is taken as one; at 320 wide 16 × 9 of them. */
const blockPixels = 20;
/** The histogram of differences in a block: ± this many brightness units, in steps of {@link binUnits}. */
const reachUnits = 240;
const binUnits = 2;
const bins = (2 * reachUnits) / binUnits + 1;

/**
 * How much brighter or darker each place is than its background by light alone: a smooth field.
 * A block's light is the median difference of its pixels, then the median of the blocks around it, so that a thing
 * covering up to half of a 60-pixel neighbourhood does not pass as light.
 */
export class Illumination {
  readonly columns: number;
  readonly rows: number;
  /** Of each block, after {@link fit}. */
  readonly offsets: Float32Array;
  readonly #medians: Float32Array;
  readonly #histogram = new Uint16Array(bins);
  readonly #neighbours = new Float32Array(9);
  readonly #width: number;
  readonly #height: number;
  readonly #leftBlock: Uint16Array;
  readonly #rightShare: Float32Array;
  readonly #row: Float32Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.columns = Math.max(1, Math.round(width / blockPixels));
    this.rows = Math.max(1, Math.round(height / blockPixels));
    this.offsets = new Float32Array(this.columns * this.rows);
    this.#medians = new Float32Array(this.columns * this.rows);
    this.#leftBlock = new Uint16Array(width);
    this.#rightShare = new Float32Array(width);
    this.#row = new Float32Array(this.columns);
    for (let x = 0; x < width; x++) {
      const place = Math.min(this.columns - 1, Math.max(0, ((x + 0.5) * this.columns) / width - 0.5));
      this.#leftBlock[x] = Math.min(Math.floor(place), Math.max(0, this.columns - 2));
      this.#rightShare[x] = place - (this.#leftBlock[x] as number);
    }
  }

  fit(brightness: Float32Array, background: Float32Array): void {
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        this.#medians[row * this.columns + column] = this.#medianOfBlock(brightness, background, column, row);
      }
    }
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        this.offsets[row * this.columns + column] = this.#medianAround(column, row);
      }
    }
  }

  /** The field along the picture row `y`, one value a pixel. */
  alongRow(y: number, into: Float32Array): void {
    const place = Math.min(this.rows - 1, Math.max(0, ((y + 0.5) * this.rows) / this.#height - 0.5));
    const upper = Math.min(Math.floor(place), Math.max(0, this.rows - 2));
    const lowerShare = place - upper;
    const lower = Math.min(this.rows - 1, upper + 1);
    for (let column = 0; column < this.columns; column++) {
      const above = this.offsets[upper * this.columns + column] as number;
      this.#row[column] = above + lowerShare * ((this.offsets[lower * this.columns + column] as number) - above);
    }
    for (let x = 0; x < this.#width; x++) {
      const block = this.#leftBlock[x] as number;
      const left = this.#row[block] as number;
      const right = this.#row[Math.min(this.columns - 1, block + 1)] as number;
      into[x] = left + (this.#rightShare[x] as number) * (right - left);
    }
  }

  /** Mean size of the field: how much the light of the whole picture changed. */
  strength(): number {
    let sum = 0;
    for (const offset of this.offsets) sum += Math.abs(offset);
    return sum / this.offsets.length;
  }

  #medianOfBlock(brightness: Float32Array, background: Float32Array, column: number, row: number): number {
    const histogram = this.#histogram.fill(0);
    const top = Math.floor((row * this.#height) / this.rows);
    const bottom = Math.floor(((row + 1) * this.#height) / this.rows);
    const left = Math.floor((column * this.#width) / this.columns);
    const right = Math.floor(((column + 1) * this.#width) / this.columns);
    let counted = 0;
    for (let y = top; y < bottom; y++) {
      // Every second pixel, in a chequered pattern: half the work, the same median.
      for (let index = y * this.#width + left + (y & 1); index < y * this.#width + right; index += 2) {
        const scaled = ((brightness[index] as number) - (background[index] as number) + reachUnits) / binUnits + 0.5;
        const bin = scaled <= 0 ? 0 : Math.min(bins - 1, scaled | 0);
        histogram[bin] = (histogram[bin] as number) + 1;
        counted += 1;
      }
    }
    const half = counted / 2;
    let below = 0;
    for (let bin = 0; bin < bins; bin++) {
      const here = histogram[bin] as number;
      if (below + here >= half) return (bin - 0.5 + (half - below) / Math.max(1, here)) * binUnits - reachUnits;
      below += here;
    }
    return 0;
  }

  #medianAround(column: number, row: number): number {
    let count = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(this.rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(this.columns - 1, column + 1); x++) {
        // Insertion sort of at most nine.
        const value = this.#medians[y * this.columns + x] as number;
        let place = count;
        while (place > 0 && (this.#neighbours[place - 1] as number) > value) {
          this.#neighbours[place] = this.#neighbours[place - 1] as number;
          place -= 1;
        }
        this.#neighbours[place] = value;
        count += 1;
      }
    }
    return ((this.#neighbours[(count - 1) >> 1] as number) + (this.#neighbours[count >> 1] as number)) / 2;
  }
}
