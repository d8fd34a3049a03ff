import { expect, test } from 'vitest';
import type { Zone } from '#device/contract/contract.ts';
import { rasterise } from './zone-mask.ts';

const triangle: Zone = {
  name: 'roof',
  kind: 'include',
  points: [
    { x: 0, y: 1 },
    { x: 0.5, y: 0 },
    { x: 1, y: 1 },
  ],
};
const leftHalf: Omit<Zone, 'kind'> = {
  name: 'left',
  points: [
    { x: 0, y: 0 },
    { x: 0.5, y: 0 },
    { x: 0.5, y: 1 },
    { x: 0, y: 1 },
  ],
};

function drawn(zones: Zone[]): string[] {
  const { watched } = rasterise(zones, 8, 4);
  return [0, 1, 2, 3].map((row) => [...watched.subarray(row * 8, row * 8 + 8)].join(''));
}

test('without zones everything is watched', () => {
  expect(drawn([])).toEqual(['11111111', '11111111', '11111111', '11111111']);
});

test('an include zone watches only what is inside of it', () => {
  expect(drawn([triangle])).toEqual(['00011000', '00111100', '01111110', '11111111']);
});

test('an exclude zone is cut out, of the picture and of include zones', () => {
  expect(drawn([{ ...leftHalf, kind: 'exclude' }])).toEqual(['00001111', '00001111', '00001111', '00001111']);
  expect(drawn([triangle, { ...leftHalf, kind: 'exclude' }]).every((row) => row.startsWith('0000'))).toBe(true);
});

test('a pixel knows every include zone it lies in', () => {
  const { names, touched } = rasterise([triangle, { ...leftHalf, kind: 'include' }], 8, 4);
  expect(names).toEqual(['roof', 'left']);
  expect(touched[0]).toBe(0b10);
  expect(touched[3 * 8 + 3]).toBe(0b11);
  expect(touched[3 * 8 + 6]).toBe(0b01);
});
