import { expect, test } from 'vitest';
import { piFinder } from './pi-finder.ts';

const camera = (index: number, model: string) => ({
  index,
  model,
  id: `/base/i2c@${index}/${model}@1a`,
  width: 4608,
  height: 2592,
  modes: [],
});
const find = (...cameras: ReturnType<typeof camera>[]) => piFinder({ piCameras: async () => cameras }).find(AbortSignal.timeout(1000));

test('the cameras of a Pi are found under names that tell them apart', async () => {
  const found = await find(camera(0, 'imx708'), camera(1, 'imx219'));
  expect(found.map(({ name, description }) => [name, description])).toEqual([
    ['Pi camera 1', 'Raspberry Pi camera imx708, up to 4608×2592'],
    ['Pi camera 2', 'Raspberry Pi camera imx219, up to 4608×2592'],
  ]);
  expect(new Set(found.map(({ id }) => id)).size).toBe(2);
});

test('one that was added without naming it is the first', async () => {
  const [first, second] = await find(camera(0, 'imx708'), camera(1, 'imx219'));
  const size = { width: 1280, height: 720, framesPerSecond: 15 };
  expect([first?.isSource({ kind: 'pi', ...size }), second?.isSource({ kind: 'pi', ...size })]).toEqual([true, false]);
  expect(second?.isSource({ kind: 'pi', camera: '/base/i2c@1/imx219@1a', ...size })).toBe(true);
  expect(first?.isSource({ kind: 'demo' })).toBe(false);
});

test('a machine without any has none', async () => {
  expect(await find()).toEqual([]);
});
