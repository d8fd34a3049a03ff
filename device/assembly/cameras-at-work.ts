import type { DisksPort } from '#device/api/ports.ts';
import type { Cameras } from '#device/cameras/cameras.ts';
import type { Camera } from '#device/contract/contract.ts';
import { ask } from '#device/fleet/bounded-request.ts';
import type { CamerasAtWork } from '#device/fleet/release-gate.ts';
import type { StorageSight } from '#device/fleet/release-trial.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Recordings } from '#device/recordings/recordings.ts';

interface CamerasAtWorkDeps {
  clock: Clock;
  logger: Logger;
  cameras: Pick<Cameras, 'list' | 'record'>;
  recordings: Pick<Recordings, 'onRecording' | 'writing' | 'problem'>;
  /** null: recordings are on none of the owner's choice. */
  disks: Pick<DisksPort, 'describe'> | null;
  /** Where the portal is; null while it is not. */
  portalUrl(): string | null;
  /** Cameras that variables define were left aside: one that is not there may be one of them, and was not removed by anybody. */
  lacksCameras: boolean;
}

/** Pictures that are older are none. */
const freshMs = 15_000;
/** Long enough for a key picture or two. */
const proofMs = 8_000;
const portalTimeoutMs = 5_000;
const portalMaxBytes = 65_536;

/** Of which cameras there is video on the disk since the start, of which pictures come, and whether the storage would take them. */
export function camerasAtWork(deps: CamerasAtWorkDeps): CamerasAtWork {
  const { cameras, recordings, lacksCameras } = deps;
  const proven = new Set<string>();
  const writing = new Map<string, string>();
  recordings.onRecording(({ id, cameraId, state, durationMs }) => {
    if (state === 'writing') writing.set(cameraId, id);
    else if (state === 'closed' && durationMs > 0 && writing.get(cameraId) === id) proven.add(cameraId);
  });
  const isProven = (camera: Camera): boolean => {
    const id = writing.get(camera.id);
    if (id !== undefined && (recordings.writing(id)?.sizeBytes ?? 0) > 0) proven.add(camera.id);
    return proven.has(camera.id);
  };
  const isPictured = ({ status }: Camera): boolean =>
    status.state === 'online' && (status.lastFrameAgeMs ?? Number.POSITIVE_INFINITY) < freshMs;
  const isReady = (camera: Camera): boolean => isPictured(camera) && recordings.problem === null;
  const expected = (): Camera[] => cameras.list().filter((camera) => camera.enabled && camera.recording.mode !== 'off');
  return {
    expected: (before) => [...idsOf(expected()), ...(lacksCameras ? without(before, idsOf(cameras.list())) : [])],
    // What its owner keeps from recording at times is not made to: that its pictures come is enough.
    recording: () => idsOf(expected().filter((camera) => isProven(camera) || (camera.recording.schedule !== null && isReady(camera)))),
    pictured: () => idsOf(expected().filter(isPictured)),
    storage: () => storageSight(deps),
    prove: (id) => {
      if (expected().find((camera) => camera.id === id)?.recording.schedule !== null) return;
      cameras.record(id, proofMs).catch((error: unknown) => deps.logger.info({ camera: id, err: error }, 'it does not record by hand'));
    },
    nameOf: (id) => cameras.list().find((camera) => camera.id === id)?.name ?? id,
    isServing: () => answers(deps),
  };
}

/** A disk that is plugged in and not in its place may be what this release cannot do; so may whatever leaves that open. */
async function storageSight({ recordings, disks, logger }: CamerasAtWorkDeps): Promise<StorageSight> {
  if (recordings.problem === null) return 'takes';
  if (disks === null) return 'fails';
  try {
    const { volumeId, isThere, unavailable, disks: found } = await disks.describe();
    if (volumeId === null || isThere || unavailable !== null) return 'fails';
    return found.every((disk) => disk.answers && disk.volumeId !== volumeId) ? 'away' : 'fails';
  } catch (error) {
    logger.warn({ err: error }, 'whether the disk with the recordings is plugged in could not be told');
    return 'fails';
  }
}

function idsOf(cameras: readonly Camera[]): string[] {
  return cameras.map(({ id }) => id);
}

function without(ids: readonly string[], others: readonly string[]): string[] {
  return ids.filter((id) => !others.includes(id));
}

async function answers({ clock, portalUrl }: CamerasAtWorkDeps): Promise<boolean> {
  const url = portalUrl();
  if (url === null) return false;
  try {
    const request = { method: 'GET', headers: {}, timeoutMs: portalTimeoutMs, maxBytes: portalMaxBytes } as const;
    return (await ask(clock, { ...request, url: `${url}/api/health` })).status === 200;
  } catch {
    return false;
  }
}
