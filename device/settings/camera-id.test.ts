import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cameraIdFor } from './camera-id.ts';

describe('a camera id', () => {
  test.each([
    ['Front door', 'front-door'],
    ['Café Größe Łódź', 'cafe-grosse-lodz'],
    ['  __Hof_2__ ', 'hof-2'],
    ['玄関', 'camera'],
    ['Ægir & Þór', 'aegir-thor'],
    ['🎥', 'camera'],
    ['probe', 'probe-2'],
  ])('of “%s” is %s', (name, id) => {
    expect(cameraIdFor(name, new Set())).toBe(id);
  });

  test('is never one that is taken', () => {
    expect(cameraIdFor('Yard', new Set(['yard', 'yard-2']))).toBe('yard-3');
  });

  test('fits into an address and a file name whatever the name is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
        fc.array(fc.constantFrom('camera', 'camera-2', 'a')),
        (name, taken) => {
          const id = cameraIdFor(name, new Set(taken));
          expect(id).toMatch(/^[a-z0-9]+(-+[a-z0-9]+)*$/);
          expect(id.length).toBeLessThanOrEqual(44);
          expect(taken).not.toContain(id);
        },
      ),
    );
  });
});
