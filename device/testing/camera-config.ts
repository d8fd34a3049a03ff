import {
  type CameraConfig,
  defaultMotionSettings,
  defaultNoticeSettings,
  defaultRecordingSettings,
  defaultTimeLapseSettings,
} from '#device/contract/contract.ts';

/** A saved camera of which only `change` is special. */
export function cameraConfig(id: string, change: Partial<CameraConfig> = {}): CameraConfig {
  return {
    id,
    name: id,
    enabled: true,
    source: { kind: 'demo' },
    recording: defaultRecordingSettings,
    motion: defaultMotionSettings,
    notices: defaultNoticeSettings,
    timeLapse: defaultTimeLapseSettings,
    ...change,
  };
}
