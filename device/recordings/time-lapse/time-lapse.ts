import { relative } from 'node:path';
import type { CameraConfig, Reel, ReelSummary, StorageSettings } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { calendarOf } from '../calendar.ts';
import { codeOf, type Disk, nodeDisk } from '../disk.ts';
import { diskTroubleOf, storageFailure, throwStorageFailure } from '../disk-failure.ts';
import { type MediaFile, openMediaFile } from '../file-source.ts';
import { type RecorderTime, recorderTime, type TimePort } from '../recorder-time.ts';
import type { SpaceKeeper } from '../space-keeper.ts';
import type { StorageGuard } from '../storage-guard.ts';
import { PictureTimes } from './picture-times.ts';
import type { TakenPicture } from './reel-file.ts';
import { planReels, reelsBefore } from './reel-retention.ts';
import { ReelShelf } from './reel-shelf.ts';

export interface TimeLapseDeps {
  clock: Clock;
  logger: Logger;
  /** The recordings folder: the reels are on the same volume, and by its rules. */
  directory: string;
  recordings: { guard: Pick<StorageGuard, 'problem' | 'mustBeThere' | 'fail'>; space: Pick<SpaceKeeper, 'makeRoom' | 'space'> };
  time: TimePort;
  /** IANA name. */
  timeZone(): string;
  cameras(): readonly CameraConfig[];
  storageSettings(): StorageSettings;
  /** null when this is no moment for it; asked again soon. Rejects with a Failure when the camera gives none. */
  picture(camera: CameraConfig, signal: AbortSignal): Promise<{ jpeg: Uint8Array; ageMs: number } | null>;
  disk?: Disk;
}

export interface TimeLapseTrouble {
  cameraId: string;
  failure: Failure;
}

const lookMs = 1_000;
const limitsMs = 600_000;
/** Recordings keep the rest, whatever limits are set. */
const shareOfVolume = 0.25;
/** A sensor that is taken from its video more often would record nothing. */
const fullSizeIntervalMs = 60_000;
const dayMs = 86_400_000;
const mostAttempts = 50;

/** Pictures of every camera that is to have a time-lapse, day by day, and what became of them. */
export class TimeLapse {
  readonly #deps: TimeLapseDeps;
  readonly #time: RecorderTime;
  readonly #shelf: ReelShelf;
  readonly #times = new Map<string, PictureTimes>();
  readonly #troubles = new Map<string, Failure>();
  #full: ReadonlySet<string> = new Set();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: TimeLapseDeps) {
    this.#deps = deps;
    this.#time = recorderTime(deps.time, deps.clock, () => deps.timeZone());
    this.#shelf = new ReelShelf(deps.disk ?? nodeDisk(), deps.directory);
  }

  /** Until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    await Promise.all([
      every(clock, lookMs, signal, () => this.#lookAtAll(signal)),
      every(clock, limitsMs, signal, () => this.#keepLimits()),
    ]);
  }

  /** Newest first. */
  async reels(cameraId: string): Promise<ReelSummary[]> {
    const reels = await readable(() => this.#shelf.of(cameraId));
    return reels.map(({ day, sizeBytes }) => ({ day, sizeBytes }));
  }

  async reel(cameraId: string, day: string): Promise<Reel> {
    const { sizeBytes, pictures } = await this.#found(cameraId, day);
    return { day, sizeBytes, pictures: pictures.map(({ takenMs }) => new Date(takenMs).toISOString()) };
  }

  picture(cameraId: string, day: string, takenMs: number): Promise<Uint8Array> {
    return readable(() => this.#shelf.picture(cameraId, day, takenMs));
  }

  /** The whole day as a film, as it lies on the disk. */
  async film(cameraId: string, day: string): Promise<MediaFile> {
    const { sizeBytes } = await this.#found(cameraId, day);
    const fileName = `${cameraId}-${day}-time-lapse.mp4`;
    const { directory } = this.#deps;
    const path = relative(directory, this.#shelf.path(cameraId, day));
    return openMediaFile({ directory, path, fileName, sizeBytes, isWriting: day === this.#dayOf(this.#wallMs()) });
  }

  async remove(cameraId: string, day: string): Promise<void> {
    await this.#found(cameraId, day);
    await this.#inTurn(() => this.#shelf.remove(cameraId, day)).catch(throwStorageFailure);
  }

  async removeAllOf(cameraId: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.#deps.recordings.guard.mustBeThere();
      for (const { day } of await this.#shelf.of(cameraId)) await this.#shelf.remove(cameraId, day);
    }).catch(throwStorageFailure);
  }

  /** What keeps cameras from having their pictures now. */
  get troubles(): readonly TimeLapseTrouble[] {
    return [...this.#troubles].map(([cameraId, failure]) => ({ cameraId, failure }));
  }

  async #found(cameraId: string, day: string) {
    const reel = await readable(() => this.#shelf.reel(cameraId, day));
    if (reel) return reel;
    await this.#deps.recordings.guard.mustBeThere().catch(throwStorageFailure);
    throw new Failure('not-found', 'There is no time-lapse of this day.');
  }

  async #lookAtAll(signal: AbortSignal): Promise<void> {
    const wanted = this.#deps.cameras().filter((camera) => camera.enabled && camera.timeLapse.enabled);
    const ids = new Set(wanted.map(({ id }) => id));
    for (const kept of [this.#times, this.#troubles]) for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
    // One after the other: the cameras' times are the same, and each picture costs a decoder.
    for (const camera of wanted) {
      if (signal.aborted || this.#deps.recordings.guard.problem) return;
      await this.#look(camera, signal);
    }
  }

  async #look(camera: CameraConfig, signal: AbortSignal): Promise<void> {
    const bootMs = this.#deps.clock.boot();
    const wallMs = this.#wallMs();
    const { fullSize, schedule, intervalMs: askedMs } = camera.timeLapse;
    const intervalMs = fullSize && camera.source.kind === 'pi' ? Math.max(askedMs, fullSizeIntervalMs) : askedMs;
    const times = this.#times.get(camera.id) ?? new PictureTimes();
    this.#times.set(camera.id, times);
    if (!times.isDue({ intervalMs, wallMs, bootMs }) || !this.#time.isInSchedule(schedule, bootMs)) return;
    try {
      if (this.#full.has(camera.id)) throw limitReached(camera);
      const picture = await this.#deps.picture(camera, signal).catch(throwCameraFailure);
      if (!picture) return;
      await this.#inTurn(() => this.#keep(camera, { jpeg: picture.jpeg, takenMs: wallMs - picture.ageMs })).catch((error: unknown) => {
        this.#storageFailed(error);
        throw error;
      });
      times.taken({ intervalMs, wallMs });
      this.#troubles.delete(camera.id);
    } catch (error) {
      if (signal.aborted) return;
      times.failed(bootMs);
      this.#failed(camera.id, error);
    }
  }

  async #keep(camera: CameraConfig, picture: TakenPicture): Promise<void> {
    const day = this.#dayOf(picture.takenMs);
    const last = (await this.#shelf.reel(camera.id, day))?.pictures.at(-1);
    // The clock went back, or the camera stood still: a film only goes forward.
    if (last && picture.takenMs < last.takenMs + 1_000) return;
    // It may have been removed while the picture was taken.
    if (!this.#deps.cameras().some(({ id }) => id === camera.id)) return;
    await this.#deps.recordings.guard.mustBeThere();
    await this.#keepWithRoom(camera.id, day, picture).catch(async (error: unknown) => {
      if (codeOf(error) === 'ENOENT') await this.#deps.recordings.guard.mustBeThere();
      throw error;
    });
  }

  async #keepWithRoom(cameraId: string, day: string, picture: TakenPicture): Promise<void> {
    let isFull = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#deps.recordings.space.makeRoom(picture.jpeg.length, isFull);
        await this.#shelf.add(cameraId, day, picture);
        return;
      } catch (error) {
        if (diskTroubleOf(error) !== 'full' || attempt >= mostAttempts) throw error;
        // No recording is left that may go, or the disk is full though one went.
        if ((isFull || error instanceof Failure) && !(await this.#removeOldest(day))) throw error;
        isFull = !(error instanceof Failure);
      }
    }
  }

  async #removeOldest(today: string): Promise<boolean> {
    const [oldest] = reelsBefore(today, await this.#shelf.all());
    if (!oldest) return false;
    this.#deps.logger.info({ cameraId: oldest.cameraId, day: oldest.day }, 'time-lapse deleted: the storage is full');
    await this.#shelf.remove(oldest.cameraId, oldest.day);
    return true;
  }

  async #keepLimits(): Promise<void> {
    const { recordings, logger } = this.#deps;
    if (recordings.guard.problem) return;
    try {
      await this.#inTurn(async () => {
        const [reels, { totalBytes }] = await Promise.all([this.#shelf.all(), recordings.space.space()]);
        const cameras = new Map(this.#deps.cameras().map(({ id, timeLapse }) => [id, timeLapse]));
        const limits = { cameras, maxAgeDays: this.#deps.storageSettings().maxAgeDays, maxBytes: totalBytes * shareOfVolume };
        const nowMs = this.#wallMs();
        const daysAgo = (days: number) => (this.#time.trust() === 'set' ? this.#dayOf(nowMs - days * dayMs) : null);
        const { removals, full } = planReels(reels, limits, this.#dayOf(nowMs), daysAgo);
        for (const { cameraId, day } of removals) {
          await this.#shelf.remove(cameraId, day);
          logger.info({ cameraId, day }, 'time-lapse deleted to keep the limits');
        }
        this.#full = full;
      });
    } catch (error) {
      this.#storageFailed(error);
    }
  }

  #failed(cameraId: string, error: unknown): void {
    const failure = error instanceof Failure ? error : storageFailure(error);
    const isNews = this.#troubles.get(cameraId)?.message !== failure.message;
    this.#troubles.set(cameraId, failure);
    if (isNews) this.#deps.logger.warn({ cameraId, kind: failure.kind, err: failure.cause }, failure.message);
  }

  /**
   * What only waiting or a person cures is everybody's: no recording is begun either until the volume takes a byte again. But a worn place of
   * the medium costs the reel that lies on it alone; when it is the whole medium, the recordings find out by themselves.
   */
  #storageFailed(error: unknown): void {
    if (diskTroubleOf(error) === 'broken' && codeOf(error) !== 'EIO') this.#deps.recordings.guard.fail(storageFailure(error));
  }

  #wallMs(): number {
    return this.#time.wallOf(this.#deps.clock.boot());
  }

  #dayOf(wallMs: number): string {
    try {
      return calendarOf(this.#deps.timeZone()).dayOf(wallMs);
    } catch {
      return calendarOf('UTC').dayOf(wallMs);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function limitReached({ name }: CameraConfig): Failure {
  return new Failure('storage-full', `The time-lapse of ${name} has reached its limit with today alone; it rests until tomorrow.`, {
    action: 'Allow it more space, or take pictures less often.',
  });
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('storage-failed', 'The time-lapse cannot be read.', {
      action: 'Look at the storage on the health page.',
      cause: error,
    });
  }
}

/** Whatever a camera or a decoder throws says nothing of the storage. */
function throwCameraFailure(error: unknown): never {
  if (error instanceof Failure && diskTroubleOf(error) === null) throw error;
  throw new Failure('unavailable', 'The camera gave no picture.', { action: 'Look at its page to see why.', cause: error });
}
