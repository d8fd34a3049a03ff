import { expect, test } from 'vitest';
import { plantKernel } from '#device/testing/planted-kernel.ts';
import { readCardWear, wearCheck } from './card-wear.ts';

test('soldered memory tells its wear, an SD card mostly not', async () => {
  await using kernel = await plantKernel({
    'sys/block/mmcblk0/device/life_time': '0x01 0x03\n',
    'sys/block/mmcblk0/device/pre_eol_info': '0x01\n',
    'sys/block/mmcblk1/device/name': 'SC32G\n',
    'sys/block/mmcblk0boot0/device/life_time': '0x09 0x09\n',
    'sys/block/sda/device/model': 'disk\n',
  });
  expect(await readCardWear(kernel.tree)).toEqual([{ name: 'mmcblk0', usedPercent: 30, spare: 'normal' }]);
});

test.each([
  [30, 'normal', 'ok'],
  [90, 'normal', 'warning'],
  [30, 'low', 'warning'],
  [110, 'normal', 'failed'],
  [null, 'gone', 'failed'],
] as const)('%s %% used, spare %s: %s', (usedPercent, spare, level) => {
  expect(wearCheck({ name: 'mmcblk0', usedPercent, spare }).level).toBe(level);
});
