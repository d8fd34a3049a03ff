import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Disk, RecordingPlace } from '#device/contract/contract.ts';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type BlockDevice, withParts } from './block-devices.ts';
import type { DiskPrograms } from './disk-programs.ts';
import { type OfferedDisk, offeredDisks } from './offered-disks.ts';
import type { PlaceMemory } from './place-memory.ts';
import type { RecordingDisk } from './recording-disk.ts';

export interface RecordingDisksDeps {
  clock: Clock;
  programs: DiskPrograms;
  disk: RecordingDisk;
  memory: PlaceMemory;
  /** Where disks have their places. */
  places: string;
  /** Where recordings are kept since this start. */
  volumeId: string | null;
  /** Whether this machine is the device's alone. */
  isAppliance: boolean;
  /** What was recorded there is gone. */
  forget(volumeId: string): Promise<void>;
  /** Lets the program start anew. */
  startAnew(): void;
}

/** Below the place of a disk: what else is on it is none of our business. */
const folderOnDisk = 'kerberos-edge/recordings';
const formattedWithinMs = 15_000;
const lookMs = 500;

export function recordingsOn(places: string, volumeId: string): string {
  return join(places, volumeId, folderOnDisk);
}

/** Which disks there are, and what the owner does with them. One thing at a time. */
export class RecordingDisks {
  readonly #deps: RecordingDisksDeps;
  #isBusy = false;
  #isLeaving = false;

  constructor(deps: RecordingDisksDeps) {
    this.#deps = deps;
  }

  async describe(): Promise<RecordingPlace> {
    const { volumeId, disk } = this.#deps;
    const offered = await this.#offered();
    return {
      volumeId,
      isThere: volumeId === null || disk.isThere,
      unavailable: offered === null ? this.#unavailable() : null,
      disks: (offered ?? []).map((one) => one.disk),
    };
  }

  /** null: back to where the device keeps everything. `not-found` when it is not plugged in, `storage-failed` when it takes nothing. */
  choose(volumeId: string | null): Promise<void> {
    return this.#alone(async () => {
      if (volumeId === this.#deps.volumeId) return;
      if (volumeId !== null) await this.#prepare(volumeId);
      await this.#deps.memory.write(volumeId);
      this.#isLeaving = true;
      this.#deps.startAnew();
    });
  }

  /** Everything on it is lost. `conflict` for the one with the recordings, and for one that the system uses. */
  erase(id: string): Promise<Disk> {
    return this.#alone(async () => {
      const { device } = await this.#find((one) => one.disk.id === id);
      const all = withParts(device);
      this.#refuseChosen(all);
      for (const place of all.flatMap(({ mounts }) => mounts)) await this.#deps.programs.unmount(place);
      const volumeId = randomUUID();
      await this.#deps.programs.erase(device.path, volumeId).catch((cause: unknown) => {
        throw new Failure('storage-failed', 'This disk could not be erased.', {
          action: 'Another program may use it, or it is write-protected or broken. Unplug it, plug it in again, and try once more.',
          cause,
        });
      });
      for (const { volumeId: before } of all) if (before !== null) await this.#deps.forget(before);
      return this.#formatted(device.name, volumeId);
    });
  }

  /** By where it is mounted as well: a disk that is about to die may not tell what is on it. */
  #refuseChosen(all: readonly BlockDevice[]): void {
    const { volumeId, places } = this.#deps;
    if (volumeId === null) return;
    const place = join(places, volumeId);
    if (!all.some((part) => part.volumeId === volumeId || part.mounts.includes(place))) return;
    throw new Failure('conflict', 'Recordings are kept on this disk now.', { action: 'Choose another place for them first.' });
  }

  /** The system takes a moment to read what is on it now. */
  async #formatted(name: string, volumeId: string): Promise<Disk> {
    const { clock } = this.#deps;
    const until = clock.boot() + formattedWithinMs;
    for (;;) {
      const found = (await this.#offered())?.find(({ disk }) => disk.name === name && disk.volumeId === volumeId);
      if (found) return found.disk;
      if (clock.boot() > until) throw gone();
      await clock.sleep(lookMs);
    }
  }

  async #prepare(volumeId: string): Promise<void> {
    const { disk } = await this.#find(({ device }) => withParts(device).some((part) => part.volumeId === volumeId));
    if (disk.volumeId !== volumeId) {
      throw new Failure('conflict', 'Recordings cannot be kept on this disk as it is.', { action: 'Erase it first.' });
    }
    const place = await this.#deps.disk.bring(volumeId).catch(refuse);
    await makeDirectory(join(place, folderOnDisk), { mode: 0o700 }).catch(refuse);
  }

  async #find(isMeant: (offered: OfferedDisk) => boolean): Promise<OfferedDisk> {
    const offered = await this.#offered();
    if (offered === null) throw new Failure('unavailable', this.#unavailable());
    const found = offered.find(isMeant);
    if (!found) throw gone();
    if (!found.disk.answers) {
      throw new Failure('conflict', 'This disk does not tell what is on it.', { action: 'Look again in a minute, or plug it in again.' });
    }
    return found;
  }

  #unavailable(): string {
    return this.#deps.isAppliance ? notListedText : otherMachineText;
  }

  /** null where no disk may be touched. */
  async #offered(): Promise<OfferedDisk[] | null> {
    if (!this.#deps.isAppliance) return null;
    const devices = await this.#deps.programs.devices();
    return devices && offeredDisks(devices, this.#deps.places);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isLeaving) throw new Failure('conflict', 'The device is about to start anew.', { action: 'Wait some seconds.' });
    if (this.#isBusy) throw new Failure('conflict', 'A disk is being prepared already.', { action: 'Wait until that is done.' });
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }
}

const notListedText = 'The disks cannot be listed just now. Look again in a minute; restart the device if that does not help.';
const otherMachineText =
  'Only an appliance keeps recordings on other disks by itself. Elsewhere mount a disk of your own in place of its data folder.';

function gone(): Failure {
  return new Failure('not-found', 'That disk is not there any more.', { action: 'Look for disks again.' });
}

function refuse(cause: unknown): never {
  if (cause instanceof Failure) throw cause;
  throw new Failure('storage-failed', 'This disk cannot be used for recordings.', {
    action: 'It may be full, write-protected or damaged. Erase it here, or use another.',
    cause,
  });
}
