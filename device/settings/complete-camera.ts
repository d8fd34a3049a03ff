import {
  type CameraConfig,
  cameraConfigSchema,
  defaultMotionSettings,
  defaultNoticeSettings,
  defaultRecordingSettings,
  defaultTimeLapseSettings,
  type NewCamera,
} from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { normalizeSource } from './camera-source.ts';

type GivenCamera = Pick<NewCamera, 'name' | 'source' | 'enabled' | 'recording' | 'motion' | 'notices' | 'timeLapse'>;

/** A whole configuration from what was said about a new camera. Throws a Failure when its source cannot be used. */
export function completeCamera(camera: GivenCamera, id: string): CameraConfig {
  const config = {
    id,
    name: camera.name,
    enabled: camera.enabled ?? true,
    source: normalizeSource(camera.source),
    recording: { ...defaultRecordingSettings, ...given(camera.recording) },
    motion: { ...defaultMotionSettings, ...given(camera.motion) },
    notices: { ...defaultNoticeSettings, ...given(camera.notices) },
    timeLapse: { ...defaultTimeLapseSettings, ...given(camera.timeLapse) },
  };
  return validated(cameraConfigSchema.safeParse(config));
}

/** A named field without a value is as if it were not named. */
export function given<T extends object>(fields: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  if (!fields) return {};
  const named = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

interface Checked<T> {
  success: boolean;
  data?: T;
  error?: { issues: { path: PropertyKey[]; message: string }[] };
}

/** What a schema let through. Throws a Failure `invalid-input` that names the field, never its value. */
export function validated<T>(result: Checked<T>): T {
  if (result.success && result.data !== undefined) return result.data;
  const issue = result.error?.issues[0];
  throw new Failure('invalid-input', `${issue?.path.map(String).join('.') ?? 'The setting'}: ${issue?.message ?? 'not valid'}`);
}
