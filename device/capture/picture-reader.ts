import { concat } from '#device/media/mp4/box.ts';
import type { LumaPicture } from '#device/media/packet.ts';

/** A line that names a time is short; whatever is longer is nonsense. */
const maxLineLength = 4096;
const maxQueuedTimes = 256;
const maxPictureSide = 4096;
/** `P5 4096 4096 255` and its white space. */
const maxHeaderLength = 24;

export type Picture = Omit<LumaPicture, 'bootMs'>;

/** Cuts a stream of binary PGM into its pictures. Throws RangeError on anything else. */
export class PgmReader {
  readonly #deliver: (picture: Picture) => void;
  #bytes: Uint8Array = new Uint8Array();
  #pending: Uint8Array[] = [];
  #pendingSize = 0;
  #neededSize = 1;

  constructor(deliver: (picture: Picture) => void) {
    this.#deliver = deliver;
  }

  push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    this.#pendingSize += chunk.length;
    if (this.#pendingSize < this.#neededSize) return;
    this.#bytes = concat(this.#pending);
    while (this.#cut());
    this.#pending = [this.#bytes];
    this.#pendingSize = this.#bytes.length;
  }

  #cut(): boolean {
    const head = String.fromCharCode(...this.#bytes.subarray(0, maxHeaderLength));
    const match = /^P5\s(\d{1,4})\s(\d{1,4})\s255\s/.exec(head);
    if (!match) {
      if (this.#bytes.length >= maxHeaderLength) throw new RangeError('not a PGM');
      this.#neededSize = this.#bytes.length + 1;
      return false;
    }
    const width = Number(match[1]);
    const height = Number(match[2]);
    if (width === 0 || height === 0 || width > maxPictureSide || height > maxPictureSide) throw new RangeError('a picture of no size');
    const size = match[0].length + width * height;
    this.#neededSize = size;
    if (this.#bytes.length < size) return false;
    const luma = new Uint8Array(this.#bytes.subarray(match[0].length, size));
    this.#bytes = this.#bytes.subarray(size);
    this.#neededSize = 1;
    this.#deliver({ width, height, luma });
    return this.#bytes.length > 0;
  }
}

/** Puts pictures and the lines that name their times together again. `streamMs` is the stream's own time, NaN where it has none. */
export class PictureReader {
  readonly #deliver: (picture: Picture, streamMs: number) => void;
  readonly #pgm: PgmReader;
  #line = '';
  #timesMs: number[] = [];
  #pictures: Picture[] = [];

  constructor(deliver: (picture: Picture, streamMs: number) => void) {
    this.#deliver = deliver;
    this.#pgm = new PgmReader((picture) => {
      this.#pictures.push(picture);
      this.#join();
    });
  }

  pushPicture(bytes: Uint8Array): void {
    this.#pgm.push(bytes);
  }

  pushTimes(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    if (this.#line.length > maxLineLength) throw new RangeError('a line without end');
    for (const line of lines) {
      const match = /^frame:\d+\s+pts:(-?\d+|NOPTS)/.exec(line);
      if (match) this.#timesMs.push(match[1] === 'NOPTS' ? Number.NaN : Number(match[1]));
    }
    if (this.#timesMs.length > maxQueuedTimes) throw new RangeError('times without pictures');
    this.#join();
  }

  #join(): void {
    while (this.#pictures.length > 0 && this.#timesMs.length > 0) {
      const picture = this.#pictures.shift();
      const streamMs = this.#timesMs.shift();
      if (picture && streamMs !== undefined) this.#deliver(picture, streamMs);
    }
  }
}
