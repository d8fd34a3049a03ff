import { expect, test } from 'vitest';
import { JpegSplitter } from './jpeg-splitter.ts';
import { PictureReader } from './picture-reader.ts';

function pgm(width: number, height: number, grey: number): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), Buffer.alloc(width * height, grey)]);
}

test('pictures and their times meet, whichever comes first and however they are cut', () => {
  const got: [number, number, number][] = [];
  const reader = new PictureReader(({ width, luma }, streamMs) => got.push([width, luma[0] ?? 0, streamMs]));
  reader.pushTimes('frame:0    pts:40      pts_time:0.04\nsize=1\nframe:1  ');
  for (const byte of Buffer.concat([pgm(4, 2, 7), pgm(6, 2, 80)])) reader.pushPicture(Uint8Array.of(byte));
  expect(got).toEqual([[4, 7, 40]]);
  reader.pushTimes('  pts:2040    pts_time:2.04\nsize=1\n');
  expect(got).toEqual([
    [4, 7, 40],
    [6, 80, 2040],
  ]);
});

test('what is no picture, or one beyond all sizes, is refused', () => {
  expect(() => new PictureReader(() => {}).pushPicture(Buffer.from('P6\n4 2\n255\n and some more of it'))).toThrow(RangeError);
  expect(() => new PictureReader(() => {}).pushPicture(Buffer.from('P5\n9999 9999\n255\n and some more'))).toThrow(RangeError);
  expect(() => new PictureReader(() => {}).pushTimes('x'.repeat(5000))).toThrow(RangeError);
});

test('a row of JPEGs is cut at their ends, also when an end is torn in two', () => {
  const got: number[] = [];
  const splitter = new JpegSplitter((jpeg) => got.push(jpeg.length));
  splitter.push(Uint8Array.of(0xff, 0xd8, 1, 2, 0xff));
  splitter.push(Uint8Array.of(0xd9, 0xff, 0xd8, 3, 0xff, 0xd9, 0xff));
  expect(got).toEqual([6, 5]);
});
