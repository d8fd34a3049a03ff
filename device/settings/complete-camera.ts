import {
  type CameraConfig,
  cameraConfigSchema,
  defaultMotionSettings,
  defaultRecordingSettings,
  type NewCamera,
} from '#device/contract/contract.ts';
import { normalizeSource } from './camera-source.ts';

type GivenCamera = Pick<NewCamera, 'name' | 'source' | 'enabled' | 'recording' | 'motion'>;

/** A whole configuration from what was said about a new camera. Throws a Failure when its source cannot be used. */
export function completeCamera(camera: GivenCamera, id: string): CameraConfig {
  return cameraConfigSchema.parse({
    id,
    name: camera.name,
    enabled: camera.enabled ?? true,
    source: normalizeSource(camera.source),
    recording: { ...defaultRecordingSettings, ...given(camera.recording) },
    motion: { ...defaultMotionSettings, ...given(camera.motion) },
  });
}

/** A named field without a value is as if it were not named. */
export function given<T extends object>(fields: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  if (!fields) return {};
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
