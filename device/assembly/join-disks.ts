import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DisksPort } from '#device/api/ports.ts';
import { diskPrograms } from '#device/hardware/disks/disk-programs.ts';
import { kernelMounts } from '#device/hardware/disks/mounts.ts';
import { placeMemory } from '#device/hardware/disks/place-memory.ts';
import { RecordingDisk } from '#device/hardware/disks/recording-disk.ts';
import { RecordingDisks } from '#device/hardware/disks/recording-disks.ts';
import { kernelTree } from '#device/hardware/kernel-tree.ts';
import type { HealthSource } from '#device/health/health.ts';
import { ownVolumeCheck } from '#device/health/system-checks.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { volumeOf } from '#device/kernel/volume-space.ts';
import { within } from '#device/kernel/within.ts';
import { reserveOf } from '#device/recordings/retention-plan.ts';
import { keptRunning } from './kept-running.ts';
import { indexOf, type Places } from './places.ts';

interface DisksOptions {
  clock: Clock;
  logger: Logger;
  /** As of {@link withRecordingPlace}. */
  places: Places;
  isAppliance: boolean;
  /** Ends the program in good order; who runs it starts it anew. */
  startAnew(): void;
}

export interface JoinedDisks {
  port: DisksPort;
  health: readonly HealthSource[];
  run(signal: AbortSignal): Promise<void>;
}

/** A disk that comes later than that is taken in when it comes. */
const awaitedMs = 10_000;
/** So that who asked still gets the answer. */
const farewellMs = 500;

/** The disk of the owner's choice for recordings, in its place before they are opened. */
export async function joinDisks(options: DisksOptions): Promise<JoinedDisks> {
  const { clock, logger, places, isAppliance } = options;
  const ending = new AbortController();
  const programs = diskPrograms(clock, ending.signal);
  const common = {
    ...{ clock, places: places.disks, volumeId: places.recordingDisk },
    // A data folder that was moved brings its choice along: the disks of this machine are others' affair.
    programs: isAppliance ? programs : { ...programs, devices: async () => null },
  };
  const disk = new RecordingDisk({ ...common, logger, mounts: kernelMounts(kernelTree()) });
  await within(clock, awaitedMs, disk.look());
  const port = new RecordingDisks({
    ...common,
    disk,
    isAppliance,
    memory: placeMemory(places.recordingPlaceFile),
    forget: (volumeId) => removeIndex(places.root, volumeId),
    startAnew: () => void clock.sleep(farewellMs).then(options.startAnew),
  });
  return {
    port,
    health: places.recordingDisk === null ? [] : [{ name: 'data', checks: async () => [await ownVolume(places.root)] }],
    run: (signal) => {
      signal.addEventListener('abort', () => ending.abort(), { once: true });
      return keptRunning('recording disk', disk, options, signal);
    },
  };
}

/** With its journal and its backups. */
async function removeIndex(root: string, volumeId: string): Promise<void> {
  const index = basename(indexOf(root, volumeId));
  for (const name of await readdir(root)) if (name.startsWith(index)) await rm(join(root, name), { force: true });
}

/** Kept full by nobody but perhaps by recordings of before, it still carries everything else. */
async function ownVolume(root: string) {
  const space = await volumeOf(root);
  return ownVolumeCheck({ ...space, minFreeBytes: reserveOf(space.totalBytes) });
}
