import { join } from 'node:path';
import { makeDirectory } from '#device/kernel/atomic-file.ts';
import { Backoff, defaultBackoff } from '#device/kernel/backoff.ts';
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
  readonly #backoff = new Backoff({ ...defaultBackoff, random: Math.random });
  #isThere = false;
  #problem = '';
  #looking: Promise<void> | null = null;
  /** What was tried in vain: with which disks, and when it is worth another try with the same. */
  #tried = { devices: '', againBootMs: 0 };

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

  /** One look at a time: mending a disk may take minutes. */
  look(): Promise<void> {
    const { volumeId } = this.#deps;
    if (volumeId === null) return Promise.resolve();
    this.#looking ??= this.#look(volumeId).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(volumeId: string): Promise<void> {
    const { mounts, clock } = this.#deps;
    if ((await mounts.at(this.#placeOf(volumeId))) === 'alive') return this.#note(volumeId, null);
    const devices = await mounts.devices();
    // Asking every disk, and mending this one, is dear: again when one came or went, or now and then.
    if (devices === this.#tried.devices && clock.boot() < this.#tried.againBootMs) return;
    if (devices !== this.#tried.devices) this.#backoff.reset();
    this.#tell(volumeId, false);
    const problem = await this.bring(volumeId).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    this.#tried = { devices, againBootMs: clock.boot() + this.#backoff.next() };
    this.#note(volumeId, problem);
  }

  #note(volumeId: string, problem: Error | null): void {
    this.#tell(volumeId, problem === null);
    const message = problem?.message ?? '';
    if (problem && message !== this.#problem) this.#deps.logger.warn({ err: problem, volumeId }, 'the disk for recordings cannot be used');
    this.#problem = message;
  }

  #tell(volumeId: string, isThere: boolean): void {
    if (this.#isThere === isThere) return;
    this.#isThere = isThere;
    this.#deps.logger.info({ volumeId }, isThere ? 'the disk for recordings is there' : 'the disk for recordings is gone');
  }

  /** Puts a disk in its place, where it may be already, and answers where that is. Failure `not-found` when it is not plugged in. */
  async bring(volumeId: string): Promise<string> {
    const { mounts, programs, places, logger } = this.#deps;
    const place = this.#placeOf(volumeId);
    const there = await mounts.at(place);
    if (there === 'alive') return place;
    if (there === 'useless') await programs.unmount(place);
    const offered = offeredDisks((await programs.devices()) ?? [], places);
    const device = offered.map((one) => usablePart(one.device)).find((part) => part?.volumeId === volumeId);
    if (!device) throw new Failure('not-found', 'That disk is not there any more.', { action: 'Plug it in, and look again.' });
    // What it could not mend, the kernel makes read-only at the first error that it meets; then this is tried again.
    await programs.repair(device.path).catch((error: unknown) => logger.warn({ err: error, volumeId }, 'a disk is damaged'));
    await makeDirectory(place, { mode: 0o700 });
    await programs.mount(device.path, place);
    return place;
  }

  #placeOf(volumeId: string): string {
    return join(this.#deps.places, volumeId);
  }
}
