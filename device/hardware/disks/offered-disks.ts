import { createHash } from 'node:crypto';
import type { Disk } from '#device/contract/contract.ts';
import { type BlockDevice, withParts } from './block-devices.ts';

/** Kinds of disks that a person can add: USB and SATA, NVMe, cards, and those of a virtual machine. */
const names = /^(sd[a-z]+|nvme\d+n\d+|mmcblk\d+|vd[a-z]+)$/;
/** Below that there is nothing but boot sectors. */
const leastBytes = 100_000_000;
const usableFileSystem = 'ext4';

/** A disk that recordings may be kept on, and the device that it is. */
export interface OfferedDisk {
  disk: Disk;
  device: BlockDevice;
}

/** What may be shown and erased: never a disk of which anything is mounted elsewhere than below `ownPlace`, nor one of the operating system's. */
export function offeredDisks(devices: readonly BlockDevice[], ownPlace: string): OfferedDisk[] {
  return devices.flatMap((device) => {
    const all = withParts(device);
    const isOurs = all.every(({ mounts, label }) => mounts.every((place) => place.startsWith(`${ownPlace}/`)) && !isOfSystem(label));
    const isDisk = device.type === 'disk' && names.test(device.name) && !device.isReadOnly && device.sizeBytes >= leastBytes;
    return isDisk && isOurs ? [{ disk: described(device), device }] : [];
  });
}

/** The largest part that takes recordings as it is; the disk itself when it has no parts. */
export function usablePart(device: BlockDevice): BlockDevice | null {
  const usable = withParts(device).filter(({ fileSystem, volumeId, isReadOnly }) => {
    return fileSystem === usableFileSystem && volumeId !== null && !isReadOnly;
  });
  return usable.toSorted((one, other) => other.sizeBytes - one.sizeBytes)[0] ?? null;
}

function isOfSystem(label: string | null): boolean {
  return label !== null && /^(resin|balena)-/.test(label);
}

function described(device: BlockDevice): Disk {
  const { name, vendor, model, serial, sizeBytes } = device;
  const all = withParts(device);
  const told = all.filter(({ fileSystem }) => fileSystem !== null);
  return {
    // Another disk that was given the same name meanwhile is not this one, and one that holds something else neither.
    id: createHash('sha256')
      .update(JSON.stringify([name, vendor, model, serial, sizeBytes, all.map(({ volumeId, label }) => [volumeId, label])]))
      .digest('hex')
      .slice(0, 16),
    name,
    model: [vendor, model].filter((text) => text !== null).join(' ') || 'Disk',
    sizeBytes,
    answers: all.every(({ answers }) => answers),
    volumeId: usablePart(device)?.volumeId ?? null,
    content:
      told.length === 0 ? null : told.map(({ fileSystem, label }) => (label ? `${fileSystem} “${label}”` : `${fileSystem}`)).join(', '),
  };
}
