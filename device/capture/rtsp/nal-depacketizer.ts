export type NalCodec = 'h264' | 'h265';

/** Takes NAL units piece by piece, so that what comes in many packets is copied only once. */
export interface NalSink {
  /** A unit begins with these bytes of its header; `second` is null where the header has one byte. */
  begin(first: number, second: number | null): void;
  append(bytes: Buffer, start: number, end: number): void;
  finish(): void;
  /** What was begun, or should have been, cannot be put together: the picture it belongs to is not whole. */
  torn(): void;
}

interface Format {
  headerLength: 1 | 2;
  aggregation: number;
  fragmentation: number;
  /** Types of payloads that this device does not take apart. */
  others: readonly number[];
}

/** RFC 6184, 5.4 and RFC 7798, 4.4. */
const formats: Readonly<Record<NalCodec, Format>> = {
  h264: { headerLength: 1, aggregation: 24, fragmentation: 28, others: [25, 26, 27, 29, 30, 31] },
  h265: { headerLength: 2, aggregation: 48, fragmentation: 49, others: [50] },
};

/** Puts NAL units together from the payloads of RTP packets. */
export class NalDepacketizer {
  readonly #sink: NalSink;
  readonly #codec: NalCodec;
  readonly #format: Format;
  #isFragmented = false;

  constructor(codec: NalCodec, sink: NalSink) {
    this.#codec = codec;
    this.#sink = sink;
    this.#format = formats[codec];
  }

  /** Packets are missing: what was begun is lost. */
  gap(): void {
    if (this.#isFragmented) this.#sink.torn();
    this.#isFragmented = false;
  }

  /** The payload from `start` to `end`. Throws RangeError on a kind that this device does not take apart. */
  push(bytes: Buffer, start: number, end: number): void {
    const { headerLength, aggregation, fragmentation, others } = this.#format;
    if (end - start <= headerLength) return;
    const first = bytes.readUInt8(start);
    const type = this.#codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
    if (type === fragmentation) {
      this.#fragment(bytes, start, end);
      return;
    }
    this.gap();
    if (others.includes(type)) throw new RangeError(`a payload of type ${type}`);
    if (type === aggregation) this.#aggregate(bytes, start + headerLength, end);
    else this.#whole(bytes, start, end);
  }

  #whole(bytes: Buffer, start: number, end: number): void {
    const { headerLength } = this.#format;
    this.#sink.begin(bytes.readUInt8(start), headerLength === 2 ? bytes.readUInt8(start + 1) : null);
    this.#sink.append(bytes, start + headerLength, end);
    this.#sink.finish();
  }

  #aggregate(bytes: Buffer, start: number, end: number): void {
    for (let offset = start; offset + 2 <= end; ) {
      const length = bytes.readUInt16BE(offset);
      const next = offset + 2 + length;
      if (length <= this.#format.headerLength || next > end) {
        this.#sink.torn();
        return;
      }
      this.#whole(bytes, offset + 2, next);
      offset = next;
    }
  }

  #fragment(bytes: Buffer, start: number, end: number): void {
    const { headerLength } = this.#format;
    const flags = bytes.readUInt8(start + headerLength);
    if (flags & 0x80) {
      this.gap();
      this.#isFragmented = true;
      const first = bytes.readUInt8(start);
      if (this.#codec === 'h264') this.#sink.begin((first & 0xe0) | (flags & 0x1f), null);
      else this.#sink.begin((first & 0x81) | ((flags & 0x3f) << 1), bytes.readUInt8(start + 1));
    }
    if (!this.#isFragmented) {
      this.#sink.torn();
      return;
    }
    this.#sink.append(bytes, start + headerLength + 1, end);
    if (!(flags & 0x40)) return;
    this.#isFragmented = false;
    this.#sink.finish();
  }
}
