import { describe, expect, it } from 'vitest';
import { type AccessUnit, AnnexBReader } from './annex-b-reader.ts';

const sps = [0x67, 0x42, 0xc0, 0x1f, 0xda];
const pps = [0x68, 0xce, 0x3c, 0x80];
/** A slice whose first macroblock is number 0 begins a picture; any other goes on with it. */
const keySlice = [0x65, 0x88, 0x84, 0x21];
const slice = [0x41, 0x9a, 0x24, 0x6c];
const furtherSlice = [0x41, 0x41, 0x24, 0x6c];
const delimiter = [0x09, 0xf0];

function annexB(...units: number[][]): Uint8Array {
  return Uint8Array.from(units.flatMap((unit) => [0, 0, 0, 1, ...unit]));
}

function read(bytes: Uint8Array, chunk = bytes.length): AccessUnit[] {
  const units: AccessUnit[] = [];
  const reader = new AnnexBReader((unit) => units.push(unit));
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
  return units;
}

const prefixed = (...units: number[][]) => Uint8Array.from(units.flatMap((unit) => [0, 0, 0, unit.length, ...unit]));

describe('Cutting H.264 into pictures', () => {
  const stream = annexB(sps, pps, keySlice, slice, furtherSlice, slice, sps);

  it('keeps parameter sets with their key picture, and the slices of a picture together', () => {
    const units = read(stream);
    expect(units.map(({ data }) => data)).toEqual([prefixed(sps, pps, keySlice), prefixed(slice, furtherSlice), prefixed(slice)]);
    expect(units.map(({ key }) => key)).toEqual([true, false, false]);
    expect(units[0]).toMatchObject({ sps: Uint8Array.from(sps), pps: Uint8Array.from(pps) });
  });

  it.each([1, 2, 3, 5, 7])('does not care how the bytes come in: %d at a time', (chunk) => {
    expect(read(stream, chunk)).toEqual(read(stream));
  });

  it('leaves out delimiters and filling', () => {
    const filled = Uint8Array.from([...annexB(delimiter, keySlice), 0, 0, 0, ...annexB(delimiter, slice, delimiter)]);
    expect(read(filled).map(({ data }) => data)).toEqual([prefixed(keySlice), prefixed(slice)]);
  });

  it('leaves out what stands before the first start code', () => {
    expect(read(Uint8Array.from([7, 7, 7, ...stream])).map(({ data }) => data)[0]).toEqual(prefixed(sps, pps, keySlice));
  });

  it('gives up on what never ends', () => {
    const reader = new AnnexBReader(() => {});
    const megabytes = new Uint8Array(8 * 1024 * 1024).fill(7);
    expect(() => {
      for (let count = 0; count < 4; count += 1) reader.push(megabytes);
    }).toThrow(RangeError);
  });
});
