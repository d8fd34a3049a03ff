import { describe, expect, test } from 'vitest';
import { stamp, wireFrame } from './rtp.ts';

/** The RTP packets of an interleaved stream. */
function packetsOf(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) {
    expect(bytes[at]).toBe(0x24);
    packets.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt16BE(at + 2)));
  }
  return packets;
}

describe('a frame on the wire', () => {
  const small = Buffer.from([0x67, 1, 2, 3]);
  const large = Buffer.from([0x65, ...Array.from({ length: 3000 }, (_, index) => index & 0xff)]);

  test('carries small units whole and large ones in pieces that make them up again', () => {
    const [first, ...pieces] = packetsOf(wireFrame({ key: true, nals: [small, large] }).bytes);
    expect(first?.subarray(12)).toEqual(small);
    expect(pieces.map((piece) => (piece[13] ?? 0) & 0xc0)).toEqual([0x80, 0, 0x40]);
    const head = Buffer.from([((pieces[0]?.[12] ?? 0) & 0xe0) | ((pieces[0]?.[13] ?? 0) & 0x1f)]);
    expect(Buffer.concat([head, ...pieces.map((piece) => piece.subarray(14))])).toEqual(large);
  });

  test('ends with the marker, and its numbers go on where those of the last frame ended', () => {
    const frame = wireFrame({ key: true, nals: [small, large] });
    expect(stamp(frame, 0xfffe, 1000, 7)).toBe(2);
    const packets = packetsOf(frame.bytes);
    expect(packets.map((packet) => (packet[1] ?? 0) >> 7)).toEqual([0, 0, 0, 1]);
    expect(packets.map((packet) => packet.readUInt16BE(2))).toEqual([0xfffe, 0xffff, 0, 1]);
    expect(packets.every((packet) => packet.readUInt32BE(4) === 90_000)).toBe(true);
  });
});
