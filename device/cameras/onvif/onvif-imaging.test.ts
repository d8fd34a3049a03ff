import { describe, expect, test } from 'vitest';
import { imagingChange, readImaging } from './onvif-imaging.ts';

const options = {
  brightness: { min: 0, max: 100 },
  contrast: { min: 0, max: 1 },
  colorSaturation: { min: -10.5, max: 10.5 },
  irCutFilterModes: ['ON', 'OFF', 'AUTO', 'OTHER'],
};
const settings = { brightness: 49.6, contrast: 0.5, colorSaturation: 0, sharpness: 5, irCutFilter: 'AUTO' };

describe('the picture settings of a network camera', () => {
  test('are those that it tells with a range of whole numbers, and its day and night', () => {
    expect(readImaging(settings, options).map(({ id, value, min, max }) => [id, value, min, max])).toEqual([
      ['brightness', 50, 0, 100],
      ['saturation', 0, -10, 10],
      ['ir_cut_filter', 0, 0, 2],
    ]);
    expect(
      readImaging(settings, options)
        .at(-1)
        ?.choices.map(({ value }) => value),
    ).toEqual([0, 1, 2]);
    expect(readImaging(settings, { irCutFilterModes: 'AUTO' })).toEqual([]);
  });

  test.each([[null], ['text'], [[1, 2]], [{ brightness: { min: 'a' } }], [undefined]])('and of nonsense, none: %s', (nonsense) => {
    expect(readImaging(nonsense, nonsense)).toEqual([]);
    expect(readImaging(settings, nonsense)).toEqual([]);
  });

  test('are changed one at a time, within what was told, and to 0 too', () => {
    const controls = readImaging(settings, options);
    expect(imagingChange(controls, { id: 'brightness', value: 0 })).toEqual({ brightness: '0' });
    expect(imagingChange(controls, { id: 'saturation', value: -10 })).toEqual({ colorSaturation: '-10' });
    expect(imagingChange(controls, { id: 'ir_cut_filter', value: 2 })).toEqual({ irCutFilter: 'OFF' });
    expect(() => imagingChange(controls, { id: 'brightness', value: 101 })).toThrow('Brightness goes from 0 to 100.');
    expect(() => imagingChange(controls, { id: 'contrast', value: 0 })).toThrow('no such control');
  });
});
