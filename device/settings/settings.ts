import {
  type CameraChange,
  type CameraConfig,
  cameraConfigSchema,
  type DeviceSettings,
  type DeviceSettingsChange,
  deviceSettingsSchema,
  limits,
  type NewCamera,
} from '#device/contract/contract.ts';
import { Emitter, type Listener } from '#device/kernel/emitter.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { cameraIdFor } from './camera-id.ts';
import { mergeSource } from './camera-source.ts';
import { completeCamera, given, validated } from './complete-camera.ts';
import {
  applyEnvironment,
  choicesAfter,
  type EnvironmentOverrides,
  environmentCameraIds,
  noOverrides,
  refuseFixed,
  withoutFixed,
} from './environment-overlay.ts';
import { freshSettings, isSame, type SettingsFile } from './schema.ts';
import { loadSettingsFile, saveSettingsFile } from './settings-file.ts';
import { isTimeZone } from './time-zone.ts';

/** What is in force: the file's settings with the environment's on top. */
export interface SettingsState {
  device: DeviceSettings;
  cameras: readonly CameraConfig[];
}

/** The one place where the owner's choices live. Every change is validated, on the disk, and only then in force and told. */
export interface Settings {
  get(): DeviceSettings;
  /** Throws a Failure: `invalid-input`, `conflict` for what the environment decides, `storage-failed`. */
  change(change: DeviceSettingsChange): Promise<DeviceSettings>;
  /** Dotted names, e.g. `network.hostName`, `cameras.front.source`. */
  fixedByEnvironment(): readonly string[];
  /** The variable that decides this setting; null when the owner does. */
  decidedBy(setting: string): string | null;
  cameras(): readonly CameraConfig[];
  addCamera(camera: NewCamera): Promise<CameraConfig>;
  /** Unnamed fields stay as they are, a password that is not named included. */
  changeCamera(id: string, change: CameraChange): Promise<CameraConfig>;
  removeCamera(id: string): Promise<void>;
  onChange(listener: Listener<{ before: SettingsState; after: SettingsState }>): () => void;
  /** What had to be repaired to read the settings; for health. Empty when all was well. */
  notes(): readonly string[];
  /** What is told to the owner when a newer release had changed them; null when none had. */
  restored(): string | null;
}

/** Cameras of the file, and the ids of those that were removed from it. */
export type StoredCameras = Pick<SettingsFile, 'cameras' | 'retiredCameraIds'>;

export interface SettingsOptions {
  file: string;
  logger: Logger;
  /** Or what it is to be with the cameras that the file has; asked again whenever the file changes. */
  environment?: EnvironmentOverrides | ((stored: StoredCameras) => EnvironmentOverrides);
  /** For a device without settings. */
  timeZone?: string;
  /** Of the disk with the recordings; null while nobody knows. */
  volumeBytes?: () => Promise<number | null>;
  /** The version that writes them. */
  release?: string;
}

export async function openSettings(options: SettingsOptions): Promise<Settings> {
  const { file, release = null } = options;
  const loaded = await loadSettingsFile(file, options.logger);
  const stored = loaded.settings ?? freshSettings(options.timeZone ?? 'UTC');
  if (loaded.needsSaving) await saveSettingsFile(file, stored, null, release);
  const { environment = noOverrides } = options;
  const overridesFor = typeof environment === 'function' ? environment : () => environment;
  const { notes, restored } = loaded;
  return new SettingsStore(
    { file, release, overridesFor, notes, restored, volumeBytes: options.volumeBytes ?? (async () => null) },
    stored,
  );
}

interface StoreDeps {
  file: string;
  release: string | null;
  overridesFor(stored: StoredCameras): EnvironmentOverrides;
  notes: readonly string[];
  restored: string | null;
  volumeBytes(): Promise<number | null>;
}

class SettingsStore implements Settings {
  readonly #deps: StoreDeps;
  readonly #changes = new Emitter<{ before: SettingsState; after: SettingsState }>();
  #overrides: EnvironmentOverrides;
  #stored: SettingsFile;
  #state: SettingsState;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: StoreDeps, stored: SettingsFile) {
    this.#deps = deps;
    this.#overrides = deps.overridesFor(stored);
    this.#stored = stored;
    this.#state = applyEnvironment(stored, this.#overrides);
  }

  get(): DeviceSettings {
    return this.#state.device;
  }

  cameras(): readonly CameraConfig[] {
    return this.#state.cameras;
  }

  fixedByEnvironment(): readonly string[] {
    return [...this.#overrides.fixedBy.keys()];
  }

  decidedBy(setting: string): string | null {
    return this.#overrides.fixedBy.get(setting) ?? null;
  }

  notes(): readonly string[] {
    return this.#deps.notes;
  }

  restored(): string | null {
    return this.#deps.restored;
  }

  onChange(listener: Listener<{ before: SettingsState; after: SettingsState }>): () => void {
    return this.#changes.on(listener);
  }

  async change(asked: DeviceSettingsChange): Promise<DeviceSettings> {
    await this.#refuseTooMuchFree(asked.storage?.minFreeBytes);
    await this.#write((stored) => {
      refuseFixed(this.#overrides, '', asked, this.#state.device);
      const change = withoutFixed(this.#overrides, '', asked);
      const device = {
        ...stored.device,
        ...given({ deviceName: change.deviceName, timeZone: change.timeZone }),
        storage: { ...stored.device.storage, ...given(change.storage) },
        network: { ...stored.device.network, ...given(change.network) },
        hardware: { ...stored.device.hardware, ...given(change.hardware) },
      };
      const checked = validated(deviceSettingsSchema.safeParse(device));
      if (!isTimeZone(checked.timeZone))
        throw new Failure('invalid-input', 'This time zone is not known.', { action: 'Choose one like Europe/Brussels.' });
      return { ...stored, device: checked };
    });
    return this.get();
  }

  async addCamera(camera: NewCamera): Promise<CameraConfig> {
    let id = '';
    await this.#write((stored) => {
      if (this.#state.cameras.length >= limits.cameras) throw new Failure('conflict', `A device drives at most ${limits.cameras} cameras.`);
      id = cameraIdFor(camera.name, new Set([...this.#state.cameras.map((other) => other.id), ...stored.retiredCameraIds]));
      return { ...stored, cameras: [...stored.cameras, completeCamera(camera, id)] };
    });
    return this.#camera(id);
  }

  async changeCamera(id: string, change: CameraChange): Promise<CameraConfig> {
    await this.#write((stored) => {
      const before = this.#camera(id);
      const after = validated(cameraConfigSchema.safeParse(changed(before, change)));
      if (environmentCameraIds(this.#overrides).has(id)) {
        refuseFixed(this.#overrides, `cameras.${id}.`, after, before);
        const choices = choicesAfter(stored.environmentCameras[id] ?? {}, withoutFixed(this.#overrides, `cameras.${id}.`, change));
        return { ...stored, environmentCameras: { ...stored.environmentCameras, [id]: choices } };
      }
      return { ...stored, cameras: stored.cameras.map((camera) => (camera.id === id ? after : camera)) };
    });
    return this.#camera(id);
  }

  async removeCamera(id: string): Promise<void> {
    await this.#write((stored) => {
      this.#camera(id);
      if (environmentCameraIds(this.#overrides).has(id)) {
        const variable = this.#overrides.fixedBy.get(`cameras.${id}.source`) ?? 'the environment';
        throw new Failure('conflict', `This camera is set by ${variable}.`, { action: `Remove it from ${variable} and start again.` });
      }
      const cameras = stored.cameras.filter((camera) => camera.id !== id);
      return { ...stored, cameras, retiredCameraIds: [...new Set([...stored.retiredCameraIds, id])] };
    });
  }

  /** Recordings go at once to make room: a slip of the keyboard must not cost them all. */
  async #refuseTooMuchFree(askedBytes: number | undefined): Promise<void> {
    if (askedBytes === undefined || askedBytes === this.#state.device.storage.minFreeBytes) return;
    const totalBytes = await this.#deps.volumeBytes();
    if (totalBytes === null || askedBytes <= totalBytes / 2) return;
    throw new Failure('invalid-input', `The disk with the recordings has ${inGigabytes(totalBytes)}: that much cannot be kept free.`, {
      action: `Keep at most half of it free, ${inGigabytes(totalBytes / 2)}.`,
    });
  }

  #camera(id: string): CameraConfig {
    const camera = this.#state.cameras.find((candidate) => candidate.id === id);
    if (!camera) throw new Failure('not-found', 'There is no such camera.');
    return camera;
  }

  /** One change at a time, each made from what the one before it left. */
  #write(next: (stored: SettingsFile) => SettingsFile): Promise<void> {
    const written = this.#queue.then(async () => {
      const stored = next(this.#stored);
      if (isSame(stored, this.#stored)) return;
      await saveSettingsFile(this.#deps.file, stored, this.#stored, this.#deps.release);
      const before = this.#state;
      this.#stored = stored;
      this.#overrides = this.#deps.overridesFor(stored);
      this.#state = applyEnvironment(stored, this.#overrides);
      this.#changes.emit({ before, after: this.#state });
    });
    this.#queue = written.catch(() => {});
    return written;
  }
}

function changed(camera: CameraConfig, change: CameraChange): CameraConfig {
  return {
    ...camera,
    ...given({ name: change.name, enabled: change.enabled }),
    ...(change.source ? { source: mergeSource(camera.source, change.source) } : {}),
    recording: { ...camera.recording, ...given(change.recording) },
    motion: { ...camera.motion, ...given(change.motion) },
    notices: { ...camera.notices, ...given(change.notices) },
    timeLapse: { ...camera.timeLapse, ...given(change.timeLapse) },
  };
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
