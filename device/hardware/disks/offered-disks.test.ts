import { describe, expect, test } from 'vitest';
import { blankStick, formatted, part } from '#device/testing/simulated-disks.ts';
import { blockDevicesIn, contentIn } from './block-devices.ts';
import { offeredDisks } from './offered-disks.ts';

const places = '/data/disks';
const offered = (...devices: (typeof blankStick)[]) => offeredDisks(devices, places).map(({ disk }) => disk);
const volumeId = '0c5d8f2e-1b7a-4a57-9a52-6f0f5f0f9f11';

describe('what lsblk tells of the disks', () => {
  const usb = {
    ...{ name: 'sda', path: '/dev/sda', type: 'disk', size: 62_000_000_000, ro: false, vendor: 'SanDisk ', model: 'Ultra', serial: '4C53' },
    mountpoints: [null],
    children: [
      {
        ...{ name: 'sda1', path: '/dev/sda1', type: 'part', size: '61999000000', ro: '0', vendor: null, model: null, serial: null },
        mountpoints: ['/media/photos'],
      },
    ],
  };
  const told = (...blockdevices: unknown[]) => blockDevicesIn(JSON.stringify({ blockdevices }));

  test('is read with its parts, by newer and older versions of it', () => {
    const [disk] = told(usb);
    expect(disk).toMatchObject({ name: 'sda', sizeBytes: 62_000_000_000, isReadOnly: false, vendor: 'SanDisk', mounts: [] });
    expect(disk?.parts).toMatchObject([{ name: 'sda1', sizeBytes: 61_999_000_000, isReadOnly: false, mounts: ['/media/photos'] }]);
  });

  test('is completed by what blkid finds on them', () => {
    const found = 'DEVNAME=/dev/sda1\nUUID=1A2B-3C4D\nLABEL=MY\\ PHOTOS\nTYPE=vfat\nUSAGE=filesystem\n';
    expect(contentIn(found)).toEqual({ answers: true, fileSystem: 'vfat', label: 'MY PHOTOS', volumeId: '1A2B-3C4D' });
    const nothing = { answers: true, fileSystem: null, label: null, volumeId: null };
    for (const other of ['', 'DEVNAME=/dev/sda\nPTTYPE=dos\n', 'LABEL\n']) expect(contentIn(other)).toEqual(nothing);
    expect(contentIn('TYPE=ext4\nLABEL=a=b\u001b[2J\n')).toMatchObject({ label: 'a=b[2J' });
  });

  test('may hold whatever a hostile disk says of itself: control characters go, strange devices are left out', () => {
    expect(told({ ...usb, model: 'Ultra\u001b[2J\n', serial: 'x'.repeat(500) })[0]).toMatchObject({
      model: 'Ultra[2J',
      serial: 'x'.repeat(120),
    });
    for (const strange of [{ path: '/dev/../etc/passwd' }, { path: 'sda' }, { name: '-rf /' }, { size: -1 }]) {
      expect(told({ ...usb, ...strange }, usb)).toHaveLength(1);
    }
    expect(() => blockDevicesIn('lsblk: command not found')).toThrow(SyntaxError);
  });
});

describe('a disk that is offered for recordings', () => {
  test('is one that the device does not run from', () => {
    const card = { ...blankStick, name: 'mmcblk0', path: '/dev/mmcblk0' };
    const system = { ...card, parts: [part(card, { label: 'resin-boot' }), part(card, { mounts: ['/data', '/etc/hosts'] })] };
    const bootedFromUsb = { ...blankStick, name: 'sdb', parts: [part(blankStick, { label: 'balena-data' })] };
    expect(offered(system, bootedFromUsb, { ...blankStick, mounts: ['/media/stick'] })).toEqual([]);
    expect(offered(system, blankStick).map(({ name }) => name)).toEqual(['sda']);
  });

  test('is none that only looks like one', () => {
    const others = [
      { name: 'zram0' },
      { name: 'loop0', type: 'loop' },
      { name: 'mmcblk0boot0' },
      { isReadOnly: true },
      { sizeBytes: 4_194_304 },
    ];
    expect(offered(...others.map((change) => ({ ...blankStick, ...change })))).toEqual([]);
  });

  test('tells what is on it, and whether recordings can be kept there as it is', () => {
    expect(offered(blankStick)).toMatchObject([{ model: 'SanDisk Ultra', content: null, volumeId: null }]);
    const photos = { ...blankStick, parts: [part(blankStick, { fileSystem: 'vfat', label: 'PHOTOS', volumeId: '1A2B-3C4D' })] };
    expect(offered(photos)).toMatchObject([{ content: 'vfat “PHOTOS”', volumeId: null }]);
    expect(offered(formatted(blankStick, volumeId))).toMatchObject([{ content: 'ext4 “kerberos-edge”', volumeId }]);
    const small = part(blankStick, { fileSystem: 'ext4', volumeId: 'aaaa-bbbb', sizeBytes: 1_000 });
    const large = part(blankStick, { fileSystem: 'ext4', volumeId, sizeBytes: 2_000 });
    expect(offered({ ...blankStick, parts: [small, large] })).toMatchObject([{ content: 'ext4, ext4', volumeId }]);
  });

  test('stays the same while it is plugged in, and is another when another got its name, or something else is on it', () => {
    const id = (change: Partial<typeof blankStick>) => offered({ ...blankStick, ...change })[0]?.id;
    expect(id({ mounts: [`${places}/x`] })).toBe(id({}));
    for (const change of [{ serial: 'other' }, { volumeId }, { parts: [part(blankStick, { label: 'PHOTOS' })] }]) {
      expect(id(change)).not.toBe(id({}));
    }
  });

  test('may not answer, in one of its parts', () => {
    expect(offered(blankStick)).toMatchObject([{ answers: true }]);
    expect(offered({ ...blankStick, parts: [part(blankStick, { answers: false })] })).toMatchObject([{ answers: false }]);
  });
});
