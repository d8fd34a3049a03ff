/** An RTP packet inside of a larger buffer: its payload lies from `start` to `end`. One object serves a whole stream. */
export interface RtpPacket {
  payloadType: number;
  sequence: number;
  timestamp: number;
  /** Last packet of a picture. */
  marker: boolean;
  start: number;
  end: number;
}

export const emptyRtpPacket = (): RtpPacket => ({ payloadType: 0, sequence: 0, timestamp: 0, marker: false, start: 0, end: 0 });

/** RFC 3550, 5.1: what lies from `from` to `to`, read into `packet`. False for what is no RTP packet. */
export function readRtp(bytes: Buffer, from: number, to: number, packet: RtpPacket): boolean {
  if (to - from < 12) return false;
  const first = bytes.readUInt8(from);
  if (first >> 6 !== 2) return false;
  let start = from + 12 + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (start + 4 > to) return false;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  const end = to - (first & 0x20 ? bytes.readUInt8(to - 1) : 0);
  if (start > end) return false;
  const second = bytes.readUInt8(from + 1);
  packet.payloadType = second & 0x7f;
  packet.sequence = bytes.readUInt16BE(from + 2);
  packet.timestamp = bytes.readUInt32BE(from + 4);
  packet.marker = (second & 0x80) !== 0;
  packet.start = start;
  packet.end = end;
  return true;
}

const wrap = 2 ** 32;

/** Makes times of 32 bits, which begin anywhere and start over after some hours, into ones that begin at 0 and go on. */
export class TimestampClock {
  #last: number | null = null;
  #elapsed = 0;

  /** Ticks since the first one. Steps back of less than half the range are steps back. */
  ticks(timestamp: number): number {
    const step = this.#last === null ? 0 : (timestamp - this.#last + wrap) % wrap;
    this.#elapsed += step < wrap / 2 ? step : step - wrap;
    this.#last = timestamp;
    return this.#elapsed;
  }
}

/** Whether packets are missing between one and the next; over TCP only a camera that could not keep up leaves some out. */
export class SequenceWatch {
  #expected: number | null = null;

  isNext(sequence: number): boolean {
    const isNext = this.#expected === null || sequence === this.#expected;
    this.#expected = (sequence + 1) & 0xffff;
    return isNext;
  }
}
