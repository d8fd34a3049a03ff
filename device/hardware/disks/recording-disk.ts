import { join } from 'node:path';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { DiskPrograms } from './disk-programs.ts';
import type { Mounts } from './mounts.ts';
import { offeredDisks, usablePart } from './offered-disks.ts';

export interface RecordingDiskDeps {
  clock: Clock;
  logger: Logger;
  programs: DiskPrograms;
  mounts: Mounts;
  /** Each disk has a place below it, by the id of its file system. */
  places: string;
  /** The one that recordings are kept on; null: none. */
  volumeId: string | null;
}

const lookIntervalMs = 2_000;

/** Keeps the disk with the recordings in its place for as long as it is plugged in. What is in its way is logged once, until it changes. */
export class RecordingDisk {
  readonly #deps: RecordingDiskDeps;
  #isThere = false;
  #problem = '';

  constructor(deps: RecordingDiskDeps) {
    this.#deps = deps;
  }

  /** Whether it is in its place, as of the last look. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Until the signal is aborted; at once when recordings are kept on no disk. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#deps.volumeId !== null) await every(this.#deps.clock, lookIntervalMs, signal, () => this.look());
  }

  async look(): Promise<void> {
    const { volumeId, logger } = this.#deps;
    if (volumeId === null) return;
    const problem = await this.bring(volumeId).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    if (this.#isThere !== (problem === null))
      logger.info({ volumeId }, problem ? 'the disk for recordings is gone' : 'the disk for recordings is there');
    this.#isThere = problem === null;
    const message = problem?.message ?? '';
    if (problem && message !== this.#problem) logger.warn({ err: problem, volumeId }, 'the disk for recordings cannot be used');
    this.#problem = message;
  }

  /** Puts a disk in its place, where it may be already, and answers where that is. Failure `not-found` when it is not plugged in. */
  async bring(volumeId: string): Promise<string> {
    const { mounts, programs, places } = this.#deps;
    const place = join(places, volumeId);
    const there = await mounts.at(place);
    if (there === 'alive') return place;
    if (there === 'gone') await programs.unmount(place);
    const offered = offeredDisks((await programs.devices()) ?? [], places);
    const device = offered.map((one) => usablePart(one.device)).find((part) => part?.volumeId === volumeId);
    if (!device) throw new Failure('not-found', 'That disk is not there any more.', { action: 'Plug it in, and look again.' });
    // What it could not mend is left to the kernel, which makes a damaged one read-only.
    await programs.repair(device.path).catch((error: unknown) => this.#deps.logger.warn({ err: error, volumeId }, 'a disk is damaged'));
    await makeDirectory(place, { mode: 0o700 });
    await programs.mount(device.path, place);
    return place;
  }
}
