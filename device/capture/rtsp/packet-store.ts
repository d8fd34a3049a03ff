/** Some seconds of a usual camera. Bytes. */
const slabLength = 524_288;

/**
 * Where packets lie while the ring and the writer hold them: many in one piece of memory, which goes as a whole some seconds later.
 * A piece for each would be made and collected twenty times a second for every camera.
 */
export class PacketStore {
  #slab = Buffer.alloc(0);
  #used = 0;

  /** A copy of the first `length` bytes. */
  keep(bytes: Buffer, length: number): Uint8Array {
    if (length > slabLength / 2) return Buffer.from(bytes.subarray(0, length));
    if (this.#used + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(slabLength);
      this.#used = 0;
    }
    bytes.copy(this.#slab, this.#used, 0, length);
    this.#used += length;
    return this.#slab.subarray(this.#used - length, this.#used);
  }
}
