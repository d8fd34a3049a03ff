/** What an RTSP connection carries, RFC 2326: answers, requests of the camera, and frames of media between them. */
export interface RtspAnswer {
  status: number;
  reason: string;
  headers: RtspHeaders;
  body: string;
}

/** Names in lower case; a header that came several times keeps all its values. */
export type RtspHeaders = ReadonlyMap<string, readonly string[]>;

export interface MessageSink {
  answer(answer: RtspAnswer): void;
  /** The camera asks for something; its `CSeq` is all that is needed to decline. */
  request(sequence: string): void;
  /** The payload lies in `bytes` from `start` to `end`; valid only during the call. */
  frame(channel: number, bytes: Buffer, start: number, end: number): void;
}

const dollar = 0x24;
const maxHeadLength = 16_384;
const maxBodyLength = 65_536;
/** A frame's length has 16 bits. */
const capacity = 4 + 65_535 + maxHeadLength + maxBodyLength;
const maxBlankBytes = 64;

/** Takes a connection apart as it comes in. `push` throws RangeError on what is no RTSP; nothing may be pushed after that. */
export class MessageReader {
  readonly #sink: MessageSink;
  /** What is not yet whole is moved to the front: one buffer serves the whole life of a connection. */
  readonly #buffer = Buffer.allocUnsafeSlow(capacity);
  #size = 0;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + capacity - this.#size);
      this.#buffer.set(part, this.#size);
      this.#size += part.length;
      taken += part.length;
      this.#takeAll();
      if (this.#size === capacity) throw new RangeError('a message without end');
    }
  }

  #takeAll(): void {
    let offset = 0;
    for (let length = this.#take(0); length > 0; length = this.#take(offset)) offset += length;
    this.#buffer.copyWithin(0, offset, this.#size);
    this.#size -= offset;
  }

  /** The length of the whole thing at `offset`, which was handed over; 0 when it is not whole yet. */
  #take(offset: number): number {
    if (offset >= this.#size) return 0;
    if (this.#buffer[offset] === dollar) return this.#takeFrame(offset);
    const blank = this.#blankBytes(offset);
    if (blank > 0) return blank;
    return this.#takeMessage(offset);
  }

  #takeFrame(offset: number): number {
    if (this.#size < offset + 4) return 0;
    const length = 4 + this.#buffer.readUInt16BE(offset + 2);
    if (this.#size < offset + length) return 0;
    this.#sink.frame(this.#buffer.readUInt8(offset + 1), this.#buffer, offset + 4, offset + length);
    return length;
  }

  /** Some cameras send empty lines between messages. */
  #blankBytes(offset: number): number {
    let end = offset;
    while (end < this.#size && end - offset < maxBlankBytes && (this.#buffer[end] === 0x0d || this.#buffer[end] === 0x0a)) end += 1;
    return end - offset;
  }

  #takeMessage(offset: number): number {
    const end = this.#buffer.subarray(offset, this.#size).indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#size - offset > maxHeadLength) throw new RangeError('a head without end');
      if (this.#size - offset >= 4 && !/^[A-Z]/.test(this.#buffer.toString('latin1', offset, offset + 1)))
        throw new RangeError('something that is not RTSP');
      return 0;
    }
    const [first = '', ...lines] = this.#buffer.toString('latin1', offset, offset + end).split('\r\n');
    const headers = headersOf(lines);
    const bodyLength = Number(headers.get('content-length')?.[0] ?? 0);
    if (!Number.isInteger(bodyLength) || bodyLength < 0 || bodyLength > maxBodyLength) throw new RangeError('a body of no sensible length');
    const length = end + 4 + bodyLength;
    if (this.#size < offset + length) return 0;
    this.#deliver(first, headers, this.#buffer.toString('utf8', offset + end + 4, offset + length));
    return length;
  }

  #deliver(first: string, headers: RtspHeaders, body: string): void {
    const status = /^RTSP\/1\.\d (\d{3}) ?(.*)$/.exec(first);
    if (status) this.#sink.answer({ status: Number(status[1]), reason: status[2] ?? '', headers, body });
    else if (/^[A-Z_]+ \S+ RTSP\/1\.\d$/.test(first)) this.#sink.request(sequenceOf(headers));
    else throw new RangeError('something that is not RTSP');
  }
}

/** It is echoed: no more of it than a number. */
function sequenceOf(headers: RtspHeaders): string {
  return /^\d{1,10}$/.exec(headers.get('cseq')?.[0] ?? '')?.[0] ?? '0';
}

function headersOf(lines: readonly string[]): RtspHeaders {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}
