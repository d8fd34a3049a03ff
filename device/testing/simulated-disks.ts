import type { BlockDevice } from '#device/hardware/disks/block-devices.ts';
import type { DiskPrograms } from '#device/hardware/disks/disk-programs.ts';
import type { Mounts } from '#device/hardware/disks/mounts.ts';

export const blankStick: BlockDevice = {
  name: 'sda',
  path: '/dev/sda',
  type: 'disk',
  sizeBytes: 64_000_000_000,
  isReadOnly: false,
  vendor: 'SanDisk',
  model: 'Ultra',
  serial: '4C530001',
  answers: true,
  fileSystem: null,
  label: null,
  volumeId: null,
  mounts: [],
  parts: [],
};

export function part(device: BlockDevice, change: Partial<BlockDevice>): BlockDevice {
  return {
    ...device,
    name: `${device.name}1`,
    path: `${device.path}1`,
    type: 'part',
    vendor: null,
    model: null,
    serial: null,
    parts: [],
    ...change,
  };
}

export function formatted(device: BlockDevice, volumeId: string): BlockDevice {
  return { ...device, fileSystem: 'ext4', label: 'kerberos-edge', volumeId, parts: [] };
}

/** Disks that a test plugs in and pulls out, and the programs that would work on them. A fake: nothing is mounted. */
export class SimulatedDisks {
  plugged: BlockDevice[] = [];
  /** What the programs were told, in order. */
  readonly told: string[] = [];
  /** How often all disks were asked what is on them. */
  asked = 0;
  /** A program that fails, by its first word in `told`. */
  failing: string | null = null;
  /** The kernel takes nothing more for what is mounted, after an error; until it is mended. */
  readOnly = false;
  /** Awaited by a repair. */
  repairing: Promise<void> = Promise.resolve();
  readonly #mounted = new Map<string, string>();

  readonly programs: DiskPrograms = {
    devices: async () => {
      this.asked += 1;
      return this.plugged.map((device) => this.#withMounts(device));
    },
    mount: async (device, place) => {
      this.#tell(`mount ${device}`);
      this.#mounted.set(place, device);
    },
    unmount: async (place) => {
      this.#tell(`unmount ${place}`);
      this.#mounted.delete(place);
    },
    repair: async (device) => {
      this.#tell(`repair ${device}`);
      await this.repairing;
      this.readOnly = false;
    },
    erase: async (device, volumeId) => {
      this.#tell(`erase ${device}`);
      this.plugged = this.plugged.map((one) => (one.path === device ? formatted(one, volumeId) : one));
    },
  };

  readonly mounts: Mounts = {
    at: async (place) => {
      const device = this.#mounted.get(place);
      if (device === undefined) return null;
      const isThere = this.plugged.some((one) => one.path === device || one.parts.some((below) => below.path === device));
      return isThere && !this.readOnly ? 'alive' : 'useless';
    },
    devices: async () => this.plugged.map(({ name }) => name).join(' '),
  };

  #withMounts(device: BlockDevice): BlockDevice {
    const mounts = [...this.#mounted].filter(([, path]) => path === device.path).map(([place]) => place);
    return { ...device, mounts: [...device.mounts, ...mounts], parts: device.parts.map((below) => this.#withMounts(below)) };
  }

  #tell(what: string): void {
    this.told.push(what);
    if (this.failing !== null && what.startsWith(`${this.failing} `)) throw new Error(`${this.failing} failed`);
  }
}
