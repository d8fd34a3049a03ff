import { concat } from '#device/media/mp4/box.ts';

const maxJpegSize = 16 * 1024 * 1024;

/** Cuts a row of JPEGs, as ffmpeg's MJPEG muxer writes them, into single ones. Throws RangeError when one has no end. */
export class JpegSplitter {
  readonly #deliver: (jpeg: Uint8Array) => void;
  #bytes: Uint8Array = new Uint8Array();
  #searched = 0;

  constructor(deliver: (jpeg: Uint8Array) => void) {
    this.#deliver = deliver;
  }

  push(chunk: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : concat([this.#bytes, chunk]);
    for (;;) {
      // Within a JPEG's data 0xff is always followed by 0x00 or a restart marker, and ffmpeg writes no thumbnails into headers.
      const end = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length).indexOf('ffd9', this.#searched, 'hex');
      if (end < 0) break;
      this.#deliver(new Uint8Array(this.#bytes.subarray(0, end + 2)));
      this.#bytes = this.#bytes.subarray(end + 2);
      this.#searched = 0;
    }
    this.#searched = Math.max(0, this.#bytes.length - 1);
    if (this.#bytes.length > maxJpegSize) throw new RangeError('a JPEG without end');
  }
}
