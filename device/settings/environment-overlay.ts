import type {
  CameraChange,
  CameraConfig,
  CameraSource,
  DeviceSettings,
  DeviceSettingsChange,
  MotionSettings,
  RecordingSettings,
} from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { cameraIdFor } from './camera-id.ts';
import { completeCamera, given } from './complete-camera.ts';
import { type CameraChoices, isSame, type SettingsFile } from './schema.ts';

/** A camera that a variable or an argument defines. */
export interface EnvironmentCamera {
  name: string;
  source: CameraSource;
  recording?: Partial<RecordingSettings>;
  motion?: Partial<MotionSettings>;
}

/** Settings that win over the file and never get into it. */
export interface EnvironmentOverrides {
  device: DeviceSettingsChange;
  cameras: readonly EnvironmentCamera[];
  /** Dotted setting → the variable (or argument) that decides it. */
  fixedBy: ReadonlyMap<string, string>;
}

export const noOverrides: EnvironmentOverrides = { device: {}, cameras: [], fixedBy: new Map() };

/** The id of each camera of the environment, in its order; the same at every start. */
export function environmentCameraIds(overrides: Pick<EnvironmentOverrides, 'cameras'>): ReadonlyMap<string, EnvironmentCamera> {
  const byId = new Map<string, EnvironmentCamera>();
  for (const camera of overrides.cameras) byId.set(cameraIdFor(camera.name, new Set(byId.keys())), camera);
  return byId;
}

export function applyEnvironment(
  stored: SettingsFile,
  overrides: EnvironmentOverrides,
): { device: DeviceSettings; cameras: readonly CameraConfig[] } {
  const { deviceName, timeZone, storage, network, hardware } = overrides.device;
  const device = {
    ...stored.device,
    ...given({ deviceName, timeZone }),
    storage: { ...stored.device.storage, ...given(storage) },
    network: { ...stored.device.network, ...given(network) },
    hardware: { ...stored.device.hardware, ...given(hardware) },
  };
  const fromEnvironment = environmentCameraIds(overrides);
  const cameras = [...fromEnvironment].map(([id, camera]) => environmentCamera(id, camera, stored));
  return { device, cameras: [...cameras, ...stored.cameras.filter((camera) => !fromEnvironment.has(camera.id))] };
}

/** Defaults, then what a stored camera of this id had, then the owner's later choices, then the environment. */
function environmentCamera(id: string, camera: EnvironmentCamera, stored: SettingsFile): CameraConfig {
  const former = stored.cameras.find((candidate) => candidate.id === id);
  const choices = stored.environmentCameras[id];
  return completeCamera(
    {
      name: camera.name,
      source: camera.source,
      enabled: choices?.enabled ?? former?.enabled ?? true,
      recording: { ...former?.recording, ...given(choices?.recording), ...given(camera.recording) },
      motion: { ...former?.motion, ...given(choices?.motion), ...given(camera.motion) },
      notices: { ...former?.notices, ...given(choices?.notices) },
      timeLapse: { ...former?.timeLapse, ...given(choices?.timeLapse) },
    },
    id,
  );
}

/** The owner's choices for a camera of the environment after one more change. */
export function choicesAfter(choices: CameraChoices, change: CameraChange): CameraChoices {
  return {
    ...choices,
    ...given({ enabled: change.enabled }),
    recording: { ...choices.recording, ...given(change.recording) },
    motion: { ...choices.motion, ...given(change.motion) },
    notices: { ...choices.notices, ...given(change.notices) },
    timeLapse: { ...choices.timeLapse, ...given(change.timeLapse) },
  };
}

/** Throws a Failure `conflict` when `wanted` differs from `current` in a setting the environment decides. */
export function refuseFixed(overrides: EnvironmentOverrides, prefix: string, wanted: object, current: object): void {
  for (const [setting, variable] of overrides.fixedBy) {
    if (!setting.startsWith(prefix)) continue;
    const path = setting.slice(prefix.length).split('.');
    const value = valueAt(wanted, path);
    if (value === undefined || isSame(value, valueAt(current, path))) continue;
    throw new Failure('conflict', `${path.join('.')} is set by ${variable}.`, { action: `Change or remove ${variable} and start again.` });
  }
}

/** `wanted` without what the environment decides: that never gets into the file, whatever is sent along. */
export function withoutFixed<T extends object>(overrides: EnvironmentOverrides, prefix: string, wanted: T): T {
  const kept = structuredClone(wanted);
  for (const setting of overrides.fixedBy.keys()) {
    if (!setting.startsWith(prefix)) continue;
    const path = setting.slice(prefix.length).split('.');
    const holder = valueAt(kept, path.slice(0, -1));
    if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, path.at(-1) ?? '');
  }
  return kept;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, field) => (typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined),
    root,
  );
}
