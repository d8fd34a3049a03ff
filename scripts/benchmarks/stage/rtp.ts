import type { AccessUnit } from './access-units.ts';

/** A frame as it goes over the wire: RTP packets in RTSP's interleaved frames. Sequence numbers and times are stamped when it is sent. */
export interface WireFrame {
  key: boolean;
  bytes: Buffer;
  /** Where in `bytes` each RTP header begins. */
  headers: number[];
}

const mostPayloadBytes = 1400;
const payloadType = 96;
const ticksPerMs = 90;

/** RFC 6184, single NAL units and FU-A. */
export function wireFrame({ key, nals }: AccessUnit): WireFrame {
  const payloads = nals.flatMap((nal) => [...fragments(nal)]);
  const parts: Buffer[] = [];
  const headers: number[] = [];
  let at = 0;
  payloads.forEach((payload, index) => {
    const head = Buffer.alloc(16);
    head[0] = 0x24;
    head.writeUInt16BE(12 + payload.length, 2);
    head[4] = 0x80;
    head[5] = payloadType | (index === payloads.length - 1 ? 0x80 : 0);
    headers.push(at + 4);
    parts.push(head, payload);
    at += head.length + payload.length;
  });
  return { key, bytes: Buffer.concat(parts), headers };
}

function* fragments(nal: Buffer): Generator<Buffer> {
  if (nal.length <= mostPayloadBytes) {
    yield nal;
    return;
  }
  const first = nal[0] ?? 0;
  for (let at = 1; at < nal.length; at += mostPayloadBytes) {
    const isFirst = at === 1;
    const isLast = at + mostPayloadBytes >= nal.length;
    const head = [(first & 0xe0) | 28, (isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0) | (first & 0x1f)];
    yield Buffer.concat([Buffer.from(head), nal.subarray(at, at + mostPayloadBytes)]);
  }
}

/** Answers the next free sequence number. */
export function stamp(frame: WireFrame, sequence: number, timeMs: number, source: number): number {
  const ticks = Math.round(timeMs * ticksPerMs) >>> 0;
  let next = sequence;
  for (const header of frame.headers) {
    frame.bytes.writeUInt16BE(next & 0xffff, header + 2);
    frame.bytes.writeUInt32BE(ticks % 2 ** 32, header + 4);
    frame.bytes.writeUInt32BE(source, header + 8);
    next += 1;
  }
  return next & 0xffff;
}
