import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { blankStick, formatted, part, SimulatedDisks } from '#device/testing/simulated-disks.ts';
import { placeMemory } from './place-memory.ts';
import { RecordingDisk } from './recording-disk.ts';
import { RecordingDisks, recordingsOn } from './recording-disks.ts';

const volumeId = '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11';
const stick = formatted(blankStick, volumeId);
let root: string;
let places: string;
let clock: SimulatedClock;
let disks: SimulatedDisks;
let starts: number;
let forgotten: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'disks-'));
  places = join(root, 'disks');
  clock = new SimulatedClock();
  disks = new SimulatedDisks();
  starts = 0;
  forgotten = [];
});
afterEach(() => rm(root, { recursive: true }));

const memory = () => placeMemory(join(root, 'place.json'));

/** As after a start with what is chosen. */
async function started({ isAppliance = true } = {}) {
  const chosen = await memory().read();
  const common = { clock, programs: disks.programs, places, volumeId: chosen };
  const disk = new RecordingDisk({ ...common, logger: silentLogger, mounts: disks.mounts });
  await disk.look();
  const startAnew = () => {
    starts += 1;
  };
  const forget = async (id: string) => void forgotten.push(id);
  return { disk, room: new RecordingDisks({ ...common, disk, isAppliance, memory: memory(), forget, startAnew }) };
}

describe('the place of the recordings', () => {
  test('is the device itself until the owner chooses a disk; then it is that disk, from the next start on', async () => {
    disks.plugged = [stick];
    const before = await started();
    expect(await before.room.describe()).toMatchObject({
      volumeId: null,
      isThere: true,
      unavailable: null,
      disks: [{ name: 'sda', volumeId }],
    });
    expect(disks.told).toEqual([]);
    await before.room.choose(volumeId);
    expect(starts).toBe(1);
    expect((await stat(recordingsOn(places, volumeId))).isDirectory()).toBe(true);
    const after = await started();
    expect(await after.room.describe()).toMatchObject({ volumeId, isThere: true });
    await after.room.choose(volumeId);
    expect(starts).toBe(1);
    await after.room.choose(null);
    expect(starts).toBe(2);
    expect(await memory().read()).toBeNull();
  });

  test('is not changed to a disk that is not there, is not prepared, or takes nothing', async () => {
    const { room } = await started();
    await expect(room.choose(volumeId)).rejects.toMatchObject({ kind: 'not-found' });
    disks.plugged = [{ ...blankStick, parts: [part(blankStick, { fileSystem: 'vfat', volumeId: '1A2B-3C4D' })] }];
    await expect(room.choose('1A2B-3C4D')).rejects.toMatchObject({ kind: 'conflict', action: 'Erase it first.' });
    disks.plugged = [stick];
    disks.failing = 'mount';
    await expect(room.choose(volumeId)).rejects.toMatchObject({ kind: 'storage-failed' });
    expect(starts).toBe(0);
    expect(await memory().read()).toBeNull();
  });

  test('is never a disk that the system runs from, whatever is asked for', async () => {
    disks.plugged = [{ ...stick, parts: [part(stick, { fileSystem: 'ext4', volumeId: 'aaaa-bbbb', mounts: ['/data'] })] }];
    const { room } = await started();
    await expect(room.choose('aaaa-bbbb')).rejects.toMatchObject({ kind: 'not-found' });
    expect(disks.told).toEqual([]);
  });

  test('cannot be chosen on a machine that is not the device’s alone', async () => {
    disks.plugged = [stick];
    const { room } = await started({ isAppliance: false });
    expect(await room.describe()).toMatchObject({ unavailable: expect.stringContaining('appliance'), disks: [] });
    await expect(room.choose(volumeId)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(room.erase('0123456789abcdef')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('erasing a disk', () => {
  test('makes it ready to be chosen, parts and all', async () => {
    disks.plugged = [{ ...blankStick, parts: [part(blankStick, { fileSystem: 'vfat' })] }];
    const { room } = await started();
    const [found] = (await room.describe()).disks;
    const erased = await room.erase(found?.id ?? '');
    expect(erased).toMatchObject({ name: found?.name, content: 'ext4 “kerberos-edge”' });
    await room.choose(erased.volumeId);
    expect(starts).toBe(1);
  });

  test('is refused for the one with the recordings, for one that is gone, and while another is erased', async () => {
    disks.plugged = [stick];
    await memory().write(volumeId);
    const { room } = await started();
    const [found] = (await room.describe()).disks;
    const erasing = room.erase(found?.id ?? '');
    await expect(room.erase(found?.id ?? '')).rejects.toMatchObject({ kind: 'conflict', message: 'A disk is being prepared already.' });
    await expect(erasing).rejects.toMatchObject({ kind: 'conflict', message: 'Recordings are kept on this disk now.' });
    disks.plugged = [];
    await expect(room.erase(found?.id ?? '')).rejects.toMatchObject({ kind: 'not-found' });
    expect(disks.told.filter((what) => what.startsWith('erase'))).toEqual([]);
  });

  test('lets go of a disk that was in its place without being chosen', async () => {
    disks.plugged = [stick];
    const { disk, room } = await started();
    const place = await disk.bring(volumeId);
    const [found] = (await room.describe()).disks;
    await room.erase(found?.id ?? '');
    expect(disks.told.slice(-2)).toEqual([`unmount ${place}`, 'erase /dev/sda']);
    expect(forgotten).toEqual([volumeId]);
  });

  test('is refused for the one with the recordings also when it no longer tells what is on it, and for any that does not', async () => {
    disks.plugged = [stick];
    await memory().write(volumeId);
    const { room } = await started();
    disks.plugged = [blankStick];
    const [found] = (await room.describe()).disks;
    await expect(room.erase(found?.id ?? '')).rejects.toMatchObject({ message: 'Recordings are kept on this disk now.' });
    const silent = { ...blankStick, name: 'sdb', path: '/dev/sdb', answers: false };
    disks.plugged = [silent];
    const [other] = (await room.describe()).disks;
    await expect(room.erase(other?.id ?? '')).rejects.toMatchObject({
      kind: 'conflict',
      message: 'This disk does not tell what is on it.',
    });
    expect(disks.told.filter((what) => what.startsWith('erase'))).toEqual([]);
  });

  test('is refused once another place is chosen, until the device started anew', async () => {
    const other = { ...blankStick, name: 'sdb', path: '/dev/sdb' };
    disks.plugged = [stick, other];
    const { room } = await started();
    await room.choose(volumeId);
    const found = (await room.describe()).disks.find(({ name }) => name === 'sdb');
    await expect(room.erase(found?.id ?? '')).rejects.toMatchObject({ message: 'The device is about to start anew.' });
    await expect(room.choose(null)).rejects.toMatchObject({ message: 'The device is about to start anew.' });
  });

  test('that the system refuses is told with what to do', async () => {
    disks.plugged = [blankStick];
    disks.failing = 'erase';
    const { room } = await started();
    const [found] = (await room.describe()).disks;
    await expect(room.erase(found?.id ?? '')).rejects.toMatchObject({
      kind: 'storage-failed',
      action: expect.stringContaining('Unplug it'),
    });
  });
});

describe('the chosen disk', () => {
  test('is put in its place once, let go when it is pulled out, and put back when it comes back, whatever it is called then', async () => {
    disks.plugged = [stick];
    await memory().write(volumeId);
    const { disk } = await started();
    const stop = new AbortController();
    const running = disk.run(stop.signal);
    await clock.advance(20_000);
    expect(disks.told).toEqual(['repair /dev/sda', 'mount /dev/sda']);
    disks.plugged = [];
    await clock.advance(2_000);
    expect(disk.isThere).toBe(false);
    expect(disks.told.at(-1)).toBe(`unmount ${join(places, volumeId)}`);
    disks.plugged = [{ ...stick, name: 'sdb', path: '/dev/sdb' }];
    await clock.advance(2_000);
    // A folder is made on the real disk of this machine.
    await expect.poll(() => disk.isThere).toBe(true);
    expect(disks.told.slice(-2)).toEqual(['repair /dev/sdb', 'mount /dev/sdb']);
    stop.abort();
    await running;
  });

  test('that takes nothing more after an error is mended and mounted anew', async () => {
    disks.plugged = [stick];
    await memory().write(volumeId);
    const { disk } = await started();
    await clock.advance(60_000);
    disks.readOnly = true;
    await disk.look();
    expect(disk.isThere).toBe(true);
    expect(disks.told.slice(-3)).toEqual([`unmount ${join(places, volumeId)}`, 'repair /dev/sda', 'mount /dev/sda']);
  });

  test('that takes minutes to be mended is looked at once meanwhile', async () => {
    disks.plugged = [stick];
    await memory().write(volumeId);
    const mended = Promise.withResolvers<void>();
    disks.repairing = mended.promise;
    const starting = started();
    const stop = new AbortController();
    await expect.poll(() => disks.told).toEqual(['repair /dev/sda']);
    mended.resolve();
    const { disk } = await starting;
    await Promise.all([disk.look(), disk.look()]);
    stop.abort();
    expect(disks.told).toEqual(['repair /dev/sda', 'mount /dev/sda']);
  });

  test('that is not there costs a look at all disks only when one came or went, or now and then', async () => {
    await memory().write(volumeId);
    const { disk } = await started();
    const stop = new AbortController();
    const running = disk.run(stop.signal);
    await clock.advance(3_600_000);
    expect(disks.asked).toBeLessThan(150);
    disks.plugged = [stick];
    await clock.advance(2_000);
    await expect.poll(() => disk.isThere).toBe(true);
    stop.abort();
    await running;
  });

  test('that is damaged is left to the kernel, and one that cannot be mounted is tried again', async () => {
    disks.plugged = [stick];
    await memory().write(volumeId);
    disks.failing = 'repair';
    expect((await started()).disk.isThere).toBe(true);
    disks.plugged = [];
    const { disk } = await started();
    expect(disk.isThere).toBe(false);
    disks.plugged = [stick];
    disks.failing = 'mount';
    await disk.look();
    expect(disk.isThere).toBe(false);
    disks.failing = null;
    await clock.advance(60_000);
    await disk.look();
    expect(disk.isThere).toBe(true);
  });
});
