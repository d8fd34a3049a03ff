import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { CameraPipeline } from '#device/cameras/pipeline.ts';
import type { DeviceState } from '#device/hardware/light-moods.ts';
import type { CameraWork } from '#device/hardware/proof-of-work.ts';
import { localAddresses } from '#device/health/system.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { recorderTime } from '#device/recordings/recorder-time.ts';
import type { Rooms } from './rooms.ts';

interface ViewDeps {
  clock: Clock;
  set: CameraSet;
  rooms: Pick<Rooms, 'settings' | 'recordings' | 'time' | 'access'>;
}

/** What each camera should do and what of it reached the disk. */
export function cameraWork({ clock, set, rooms }: ViewDeps): () => CameraWork[] {
  const { recordings, settings, time } = rooms;
  const calendar = recorderTime(time, clock, () => settings.get().timeZone);
  const shouldRecord = (
    { recording }: CameraPipeline['config'],
    { recordingNow, motionNow }: ReturnType<CameraPipeline['status']>,
  ): boolean => {
    if (recordingNow) return true;
    if (!calendar.isInSchedule(recording.schedule, clock.boot())) return false;
    return recording.mode === 'continuous' || recording.mode === 'both' || (recording.mode === 'events' && motionNow);
  };
  return () =>
    set.pipelines().map((pipeline) => {
      const { id, name } = pipeline.config;
      const status = pipeline.status();
      return {
        id,
        name,
        state: status.state,
        sinceBootMs: Date.parse(status.since) - time.wallOf(0),
        shouldRecord: shouldRecord(pipeline.config, status),
        writtenBootMs: recordings.writtenBootMs(id),
      };
    });
}

/** What the lights tell of, but for whether it is starting. */
export function lightState({ set, rooms }: ViewDeps): Omit<DeviceState, 'identifying' | 'booting' | 'updating'> {
  const statuses = set.pipelines().map((pipeline) => pipeline.status());
  return {
    claimed: rooms.access.isClaimed(),
    networkUp: localAddresses().some((address) => !address.startsWith('fe80:') && !address.startsWith('169.254.')),
    camerasWanted: statuses.filter(({ state }) => state !== 'disabled').length,
    camerasOnline: statuses.filter(({ state }) => state === 'online').length,
    recording: statuses.some(({ recordingNow }) => recordingNow),
    storageAlarm: rooms.recordings.problem !== null,
  };
}
