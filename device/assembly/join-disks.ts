import type { DisksPort } from '#device/api/ports.ts';
import { diskPrograms } from '#device/hardware/disks/disk-programs.ts';
import { kernelMounts } from '#device/hardware/disks/mounts.ts';
import { placeMemory } from '#device/hardware/disks/place-memory.ts';
import { RecordingDisk } from '#device/hardware/disks/recording-disk.ts';
import { RecordingDisks } from '#device/hardware/disks/recording-disks.ts';
import { kernelTree } from '#device/hardware/kernel-tree.ts';
import type { HealthSource } from '#device/health/health.ts';
import { volumeOf } from '#device/health/system.ts';
import { ownVolumeCheck } from '#device/health/system-checks.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { within } from '#device/kernel/within.ts';
import { reserveOf } from '#device/recordings/retention-plan.ts';
import { keptRunning } from './kept-running.ts';
import type { Places } from './places.ts';

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
  const common = { clock, programs: diskPrograms(clock), places: places.disks, volumeId: places.recordingDisk };
  const disk = new RecordingDisk({ ...common, logger, mounts: kernelMounts(kernelTree()) });
  await within(clock, awaitedMs, disk.look());
  const port = new RecordingDisks({
    ...common,
    disk,
    isAppliance,
    memory: placeMemory(places.recordingPlaceFile),
    startAnew: () => void clock.sleep(farewellMs).then(options.startAnew),
  });
  return {
    port,
    health: places.recordingDisk === null ? [] : [{ name: 'data', checks: async () => [await ownVolume(places.root)] }],
    run: (signal) => keptRunning('recording disk', disk, options, signal),
  };
}

/** Kept full by nobody but perhaps by recordings of before, it still carries everything else. */
async function ownVolume(root: string) {
  const space = await volumeOf(root);
  return ownVolumeCheck({ ...space, minFreeBytes: reserveOf(space.totalBytes) });
}
