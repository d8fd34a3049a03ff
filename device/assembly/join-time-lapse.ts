import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { CameraConfig, HealthCheck } from '#device/contract/contract.ts';
import type { HealthSource } from '#device/health/health.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { leftWhen } from '#device/kernel/left-when.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { TimeLapse, type TimeLapseTrouble } from '#device/recordings/time-lapse/time-lapse.ts';
import { keptRunning } from './kept-running.ts';
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
    run: (signal) => keptRunning('time-lapse', room, options, signal),
  };
}

async function picture(camera: CameraConfig, signal: AbortSignal, { rooms, set }: TimeLapseOptions) {
  const { state, motionNow } = set.pipeline(camera.id).status();
  // That it is off is told already.
  if (state !== 'online') return null;
  if (camera.source.kind !== 'pi' || !camera.timeLapse.fullSize) return rooms.live.snapshot(camera.id, signal);
  // What happens before the camera is worth more than a picture at the minute.
  if (motionNow) return null;
  // It takes seconds; whoever stops the device does not wait for it.
  return { jpeg: await leftWhen(signal, rooms.capture.still(camera.source)), ageMs: 0 };
}

function checkOf({ cameraId, failure }: TimeLapseTrouble): HealthCheck {
  return {
    id: `time-lapse.${cameraId}`,
    level: 'warning',
    message: `No picture for the time-lapse: ${failure.message}`,
    ...(failure.action === undefined ? {} : { action: failure.action }),
  };
}
