import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { RemovableVolume } from '#device/testing/removable-volume.ts';
import { diskPrograms } from './disk-programs.ts';

const run = promisify(execFile);
const volumeId = '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11';
const programs = diskPrograms(systemClock, new AbortController().signal);

/** One part of FAT, as on a stick that was just bought. */
function partitionTable(): Buffer {
  const sector = Buffer.alloc(512);
  sector.set([0, 0, 0, 0, 0x0c, 0, 0, 0], 446);
  sector.writeUInt32LE(2_048, 454);
  sector.writeUInt32LE(40_000, 458);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** On a file in place of a disk, by the kernel's loop device. */
describe.skipIf(!(await RemovableVolume.isPossible()))('the programs of the system', () => {
  let folder: string;
  let place: string;
  let device: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'disk-'));
    place = join(folder, 'place');
    await mkdir(place);
    const image = join(folder, 'disk');
    await writeFile(image, '');
    await truncate(image, 32_000_000);
    device = (await run('losetup', ['--find', '--show', image])).stdout.trim();
  });
  afterEach(async () => {
    await programs.unmount(place).catch(() => {});
    await run('losetup', ['--detach', device]);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const told = async () => (await programs.devices())?.find(({ path }) => path === device);

  test('erase a disk with parts, mend it, and mount it', async () => {
    await writeFile(device, partitionTable(), { flag: 'r+' });
    await programs.erase(device, volumeId);
    // A table that had stayed would hide the file system from other systems, and this one's from them.
    expect((await readFile(device)).subarray(510, 512).toString('hex')).toBe('0000');
    // The system takes a moment to read what is on it now.
    const now = { fileSystem: 'ext4', label: 'kerberos-edge', volumeId, mounts: [], isReadOnly: false };
    await expect.poll(told, { timeout: 10_000 }).toMatchObject(now);
    await programs.repair(device);
    await programs.mount(device, place);
    expect((await told())?.mounts).toEqual([place]);
    await writeFile(join(place, 'file'), 'text');
    await programs.unmount(place);
    expect((await told())?.mounts).toEqual([]);
  });

  test('mount it so that a link on it leads nowhere', async () => {
    await programs.erase(device, volumeId);
    await programs.mount(device, place);
    const outside = join(folder, 'outside');
    await writeFile(outside, 'not on the disk');
    await symlink(outside, join(place, 'link'));
    await expect(readFile(join(place, 'link'))).rejects.toMatchObject({ code: 'ELOOP' });
  });

  test('refuse to erase one that is in use, and say so', async () => {
    await programs.erase(device, volumeId);
    await programs.mount(device, place);
    await writeFile(join(place, 'file'), 'text');
    await expect(programs.erase(device, volumeId)).rejects.toThrow(/wipefs.*busy/is);
    expect(await readFile(join(place, 'file'), 'utf8')).toBe('text');
  });

  test('tell what they could not do', async () => {
    await expect(programs.mount(device, place)).rejects.toThrow(/mount ended with/);
    await expect(programs.repair(device)).rejects.toThrow(/fsck.ext4 ended with/);
  });
});
