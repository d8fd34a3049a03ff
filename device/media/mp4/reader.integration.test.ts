import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { filmScene } from '#device/testing/filmed-scene.ts';
import type { StreamFormat } from '../packet.ts';
import { initSegment } from './init-segment.ts';
import { parameterSets } from './parameter-sets.ts';
import { readStreamFormat } from './reader.ts';

describe('the head of a file', () => {
  let formats: Record<'h264' | 'h265' | 'mjpeg', StreamFormat>;

  beforeAll(async () => {
    const [h264, h265, mjpeg] = [
      await filmScene({ seconds: 1, audio: true }),
      await filmScene({ seconds: 1, codec: 'h265' }),
      await filmScene({ seconds: 1, codec: 'mjpeg' }),
    ];
    formats = { h264: h264.format, h265: h265.format, mjpeg: mjpeg.format };
  }, 60_000);

  test('gives the format back that was written into it', () => {
    const read = readStreamFormat(initSegment(formats.h264, { metadata: new Uint8Array(30), reservedBytes: 100 }));
    const plain = ({ video, audio }: StreamFormat) => ({
      video: { ...video, sampleEntry: [...video.sampleEntry] },
      audio: audio && { ...audio, sampleEntry: [...audio.sampleEntry] },
    });
    expect(plain(read)).toEqual(plain(formats.h264));
    expect(readStreamFormat(initSegment(formats.mjpeg))).toMatchObject({ video: { codec: 'mjpeg', width: 320, height: 180 }, audio: null });
  });

  test('names an H.265 stream as browsers want it named', () => {
    const { video } = readStreamFormat(initSegment(formats.h265));
    expect(video).toMatchObject({ codec: 'h265', width: 320, height: 180, timescale: formats.h265.video.timescale });
    expect(video.codecString).toMatch(/^hvc1\.1\.6\.L60\.[0-9a-f.]+$/);
  });

  test('that is torn or garbage is refused, and nothing else happens', () => {
    const init = initSegment(formats.h264);
    fc.assert(
      fc.property(fc.nat(init.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, garbage) => {
        const damaged = Uint8Array.from(init);
        damaged.set(garbage.subarray(0, init.length - at), at);
        for (const bytes of [damaged, init.subarray(0, at)]) {
          try {
            readStreamFormat(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
    );
    expect(() => readStreamFormat(new Uint8Array())).toThrow(RangeError);
  });

  /** The types of length-prefixed units. */
  const unitTypes = (bytes: Uint8Array, typeOf: (first: number) => number): number[] => {
    const types: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
      types.push(typeOf(bytes[at + 4] ?? 0));
      at += 4 + length;
    }
    return types;
  };

  test('holds the parameter sets that a key picture needs in front of it', () => {
    expect(unitTypes(parameterSets(formats.h264.video.sampleEntry), (first) => first & 0x1f)).toEqual([7, 8]);
    expect(unitTypes(parameterSets(formats.h265.video.sampleEntry), (first) => (first >> 1) & 0x3f).slice(0, 3)).toEqual([32, 33, 34]);
    expect(parameterSets(formats.mjpeg.video.sampleEntry)).toHaveLength(0);
    expect(() => parameterSets(formats.h264.video.sampleEntry.subarray(0, 86))).toThrow(RangeError);
  });
});
