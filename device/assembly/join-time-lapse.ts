import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { CameraConfig, HealthCheck } from '#device/contract/contract.ts';
import type { HealthSource } from '#device/health/health.ts';
import { defaultBackoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { supervise } from '#device/kernel/supervise.ts';
import { TimeLapse, type TimeLapseTrouble } from '#device/recordings/time-lapse/time-lapse.ts';
import type { Places } from './places.ts';
import type { Rooms } from './rooms.ts';

interface TimeLapseOptions {
  clock: Clock;
  logger: Logger;
  rooms: Rooms;
  places: Pick<Places, 'recordings'>;
  set: CameraSet;
}

export interface JoinedTimeLapse {
  room: TimeLapse;
  health: HealthSource;
  run(signal: AbortSignal): Promise<void>;
}

/** Time-lapse, joined to the cameras that give its pictures. */
export function joinTimeLapse(options: TimeLapseOptions): JoinedTimeLapse {
  const { clock, logger, rooms, places } = options;
  const { settings, recordings, time } = rooms;
  const room = new TimeLapse({
    ...{ clock, logger, recordings, time },
    directory: places.recordings,
    timeZone: () => settings.get().timeZone,
    cameras: () => settings.cameras(),
    storageSettings: () => settings.get().storage,
    picture: (camera, signal) => picture(camera, signal, options),
  });
  return {
    room,
    health: { name: 'time-lapse', checks: () => room.troubles.map(checkOf) },
    run: (until) =>
      supervise(
        {
          clock,
          backoff: { ...defaultBackoff, random: Math.random },
          start: (signal) => room.run(signal),
          failed: ({ error, delayMs }) => logger.error({ delayMs, err: error }, 'the time-lapse failed'),
        },
        until,
      ),
  };
}

async function picture(camera: CameraConfig, signal: AbortSignal, { rooms, set }: TimeLapseOptions) {
  const { state, motionNow } = set.pipeline(camera.id).status();
  // That it is off is told already.
  if (state !== 'online') return null;
  if (camera.source.kind !== 'pi' || !camera.timeLapse.fullSize) return rooms.live.snapshot(camera.id, signal);
  // What happens before the camera is worth more than a picture at the minute.
  if (motionNow) return null;
  return { jpeg: await leftWhen(signal, rooms.capture.still(camera.source)), ageMs: 0 };
}

/** A still picture takes seconds; whoever stops the device does not wait for it. */
async function leftWhen<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function checkOf({ cameraId, failure }: TimeLapseTrouble): HealthCheck {
  return {
    id: `time-lapse.${cameraId}`,
    level: 'warning',
    message: `No picture for the time-lapse: ${failure.message}`,
    ...(failure.action === undefined ? {} : { action: failure.action }),
  };
}
