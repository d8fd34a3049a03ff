import { expect, test } from 'vitest';
import { kernelInMemory } from '#device/testing/planted-kernel.ts';
import { kernelMounts } from './mounts.ts';

const mountinfo = [
  '22 1 179:2 / / rw,relatime - ext4 /dev/mmcblk0p2 rw',
  '80 22 8:0 / /data/my\\040disks/a rw,noatime - ext4 /dev/sda rw',
  '81 22 0:40 / /data/disks/b rw - tmpfs tmpfs rw',
  '83 22 8:32 / /data/disks/d rw,noatime - ext4 /dev/sdc ro,errors=remount-ro',
  '82 81 8:16 / /data/disks/b rw,noatime - ext4 /dev/sdb rw',
  '',
].join('\n');

const plugged = { 'sys/dev/block/8:0/dev': '8:0\n', 'sys/dev/block/8:32/dev': '8:32\n' };

test('what is mounted at a place is told by its device, the last one there: whether it is still plugged in, and takes anything', async () => {
  const { tree, files } = kernelInMemory({ 'proc/self/mountinfo': mountinfo, ...plugged });
  const mounts = kernelMounts(tree);
  expect(await mounts.at('/data/my disks/a')).toBe('alive');
  expect(await mounts.at('/data/disks/b')).toBe('useless');
  expect(await mounts.at('/data/disks/d')).toBe('useless');
  expect(await mounts.at('/data/disks/c')).toBeNull();
  files.delete('proc/self/mountinfo');
  expect(await mounts.at('/data/my disks/a')).toBeNull();
});
