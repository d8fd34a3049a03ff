import { describe, expect, test } from 'vitest';
import { type PlainCamera, plainPacket } from '#device/testing/recording-room.ts';
import { GopRing } from './gop-ring.ts';

const camera: PlainCamera = { framesPerSecond: 10, keyInterval: 20, frameBytes: 1_000 };

function filled(ring: GopRing, from: number, to: number): GopRing {
  for (let index = from; index < to; index += 1) ring.add(plainPacket(camera, index, index * 100));
  return ring;
}

describe('the last groups of pictures', () => {
  test('reach back as far as asked, and not a group further', () => {
    const ring = filled(new GopRing(10_000_000), 0, 605);
    const oldest = ring.gops[0]?.startBootMs ?? Number.NaN;
    expect(oldest).toBeLessThanOrEqual(60_400 - ring.keepMs);
    expect(oldest).toBeGreaterThan(60_400 - ring.keepMs - 2_000);
  });

  test('begin with a key picture, and so does the first', () => {
    const ring = filled(new GopRing(10_000_000), 7, 100);
    expect(ring.gops.map((gop) => gop.packets[0]?.key)).toEqual([true, true, true, true]);
  });

  test('never take more memory than allowed, whatever a camera sends', () => {
    const ring = new GopRing(50_000);
    for (let index = 0; index < 500; index += 1) {
      filled(ring, index, index + 1);
      expect(ring.sizeBytes).toBeLessThanOrEqual(50_000);
    }
    const single = new GopRing(5_000);
    filled(single, 0, 19);
    expect(single.sizeBytes).toBe(0);
    expect(filled(single, 19, 22).gops.map((gop) => gop.packets.length)).toEqual([2]);
  });
});
