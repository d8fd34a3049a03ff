import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { CameraStatus, RecordingSettings } from '#device/contract/contract.ts';
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
  return () =>
    set.pipelines().map((pipeline) => {
      const { id, name, recording } = pipeline.config;
      const status = pipeline.status();
      return {
        id,
        name,
        state: status.state,
        sinceBootMs: Date.parse(status.since) - time.wallOf(0),
        shouldRecord: owesFragments(recording, status, () => calendar.isInSchedule(recording.schedule, clock.boot())),
        writtenBootMs: recordings.writtenBootMs(id),
      };
    });
}

/** A file begins at a key picture: a camera that has not shown two of them owes none, so that a broken one never ends the device. */
export function owesFragments(
  recording: Pick<RecordingSettings, 'mode'>,
  status: Pick<CameraStatus, 'recordingNow' | 'motionNow' | 'stream'>,
  isInSchedule: () => boolean,
): boolean {
  if (status.recordingNow) return true;
  if (typeof status.stream?.keyIntervalMs !== 'number' || !isInSchedule()) return false;
  return recording.mode === 'continuous' || recording.mode === 'both' || (recording.mode === 'events' && status.motionNow);
}

/** What the lights tell of, but for what others know: whether it is starting, updating, or waits to be given a network. */
export function lightState({ set, rooms }: ViewDeps): Omit<DeviceState, 'identifying' | 'booting' | 'updating' | 'setupOpen'> {
  const statuses = set.pipelines().map((pipeline) => pipeline.status());
  return {
    claimed: rooms.access.isClaimed(),
    networkUp: localAddresses().some((address) => !address.startsWith('fe80:') && !address.startsWith('169.254.')),
    camerasWanted: statuses.filter(({ state }) => state !== 'disabled').length,
    camerasOnline: statuses.filter(({ state }) => state === 'online').length,
    recording: statuses.some(({ recordingNow }) => recordingNow),
    storageAlarm: rooms.recordings.alarm !== null,
  };
}
