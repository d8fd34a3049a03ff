import type {
  Camera,
  CameraChange,
  CameraConfig,
  CameraSource,
  NewCamera,
  ProbeResult,
  PublicCameraSource,
  UsbDevice,
} from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { CameraPipeline } from './pipeline.ts';
import type { CapturePort, SettingsPort } from './ports.ts';

/** Cameras that are tried out at the same time. */
const mostLooks = 4;
const longestLookSeconds = 15;

type DescribedPipeline = Pick<CameraPipeline, 'config' | 'status' | 'recordFor' | 'stopRecording'>;

interface CamerasDeps {
  /** The cameras that run. */
  set: {
    pipelines(): DescribedPipeline[];
    /** Throws Failure `not-found`. */
    pipeline(cameraId: string): DescribedPipeline;
    reconcile(configured: readonly CameraConfig[]): Promise<void>;
    restart(cameraId: string): Promise<void>;
  };
  settings: SettingsPort;
  capture: Pick<CapturePort, 'probe'> & { still(source: CameraSource): Promise<Uint8Array> };
  /** The source without its secrets. */
  publicSource(source: CameraSource): PublicCameraSource;
  /** The source as it would be saved; a password that a change leaves out is taken from `before`. */
  savedSource(source: CameraSource, before: CameraSource | null): CameraSource;
  deleteRecordings(cameraId: string): Promise<void>;
  /** Rejects with the reason why no recording can be deleted now. */
  mayDeleteRecordings(): Promise<void>;
}

/** The cameras as the API speaks of them: configured, running, and what is known of each. */
export class Cameras {
  readonly #deps: CamerasDeps;
  #looks = 0;

  constructor(deps: CamerasDeps) {
    this.#deps = deps;
  }

  /** As they are configured, whichever was opened anew last. */
  list(): Camera[] {
    const order = this.#deps.settings.cameras().map(({ id }) => id);
    const pipelines = this.#deps.set.pipelines().toSorted((one, other) => order.indexOf(one.config.id) - order.indexOf(other.config.id));
    return pipelines.map((pipeline) => this.#describe(pipeline));
  }

  get(id: string): Camera {
    return this.#describe(this.#deps.set.pipeline(id));
  }

  /** Probes first; what is wrong is thrown, unless it is to be saved anyway. */
  async add(camera: NewCamera): Promise<Camera> {
    const source = this.#deps.savedSource(camera.source, null);
    this.#refuseSecond(source, null);
    if (camera.saveAnyway !== true) await this.#tryOut(source);
    const config = await this.#deps.settings.addCamera({ ...camera, source });
    await this.#reconcile();
    return this.get(config.id);
  }

  async change(id: string, change: CameraChange): Promise<Camera> {
    const before = this.#config(id);
    if (!change.source) {
      await this.#deps.settings.changeCamera(id, change);
    } else {
      const source = this.#deps.savedSource(change.source, before.source);
      this.#refuseSecond(source, id);
      const isNew = JSON.stringify(source) !== JSON.stringify(before.source);
      // What the running camera holds open cannot be tried out beside it; its page says at once if the change was none for it.
      if (isNew && !this.#holds(id, source) && change.saveAnyway !== true) await this.#tryOut(source);
      // As it was asked: merged twice, a password that was to go would come back.
      await this.#deps.settings.changeCamera(id, change);
    }
    await this.#reconcile();
    return this.get(id);
  }

  async remove(id: string, options: { deleteRecordings: boolean }): Promise<void> {
    this.#config(id);
    // Before the camera is gone: afterwards nobody could ask for it again.
    if (options.deleteRecordings) await this.#deps.mayDeleteRecordings();
    await this.#deps.settings.removeCamera(id);
    await this.#reconcile();
    if (options.deleteRecordings) await this.#deps.deleteRecordings(id);
  }

  async restart(id: string): Promise<Camera> {
    this.#config(id);
    await this.#deps.set.restart(id);
    return this.get(id);
  }

  async record(id: string, durationMs: number): Promise<void> {
    this.#deps.set.pipeline(id).recordFor(durationMs);
  }

  async stopRecording(id: string): Promise<void> {
    this.#deps.set.pipeline(id).stopRecording();
  }

  async probe(source: CameraSource, signal: AbortSignal, cameraId?: string): Promise<ProbeResult> {
    const before = cameraId === undefined ? null : this.#config(cameraId).source;
    if (cameraId !== undefined && this.#holds(cameraId, source)) {
      throw new Failure('conflict', 'This camera is running, so it cannot be tried out beside itself.', {
        action: 'Save: it is opened anew at once, and its page says how it went.',
      });
    }
    this.#refuseSecond(source, cameraId ?? null);
    return this.#look(this.#deps.savedSource(source, before), signal);
  }

  /** A JPEG as large as the sensor; the video pauses for it. */
  async still(id: string): Promise<Uint8Array> {
    const { enabled, source, name } = this.#config(id);
    if (enabled) return this.#deps.capture.still(source);
    throw new Failure('conflict', `${name} is switched off.`, { action: 'Switch it on in its settings.' });
  }

  /** The camera has this very USB device open, as nobody else then can. */
  #holds(id: string, source: CameraSource): boolean {
    const pipeline = this.#deps.set.pipeline(id);
    const own = pipeline.config.source;
    return own.kind === 'usb' && isSameDevice(source, own.device) && ['online', 'connecting'].includes(pipeline.status().state);
  }

  /** Only one can have a USB camera open. */
  #refuseSecond(source: CameraSource, exceptId: string | null): void {
    const other = this.#deps.settings
      .cameras()
      .find((camera) => camera.id !== exceptId && camera.source.kind === 'usb' && isSameDevice(source, camera.source.device));
    if (!other) return;
    throw new Failure('conflict', `This USB camera was added already, as ${other.name}.`, {
      action: 'Change its settings, or remove it first.',
    });
  }

  async #tryOut(source: CameraSource): Promise<void> {
    await this.#look(source, new AbortController().signal);
  }

  /** Each look is a program of its own for some seconds: the cameras that run must not suffer from many at once. */
  async #look(source: CameraSource, signal: AbortSignal): Promise<ProbeResult> {
    if (this.#looks >= mostLooks) {
      throw new Failure('rate-limited', `The device is trying out ${mostLooks} cameras already.`, {
        action: `Wait ${longestLookSeconds} seconds, then try again.`,
        retryAfterSeconds: longestLookSeconds,
      });
    }
    this.#looks += 1;
    try {
      return await this.#deps.capture.probe(source, signal);
    } finally {
      this.#looks -= 1;
    }
  }

  async #reconcile(): Promise<void> {
    await this.#deps.set.reconcile(this.#deps.settings.cameras());
  }

  #config(id: string): CameraConfig {
    return this.#deps.set.pipeline(id).config;
  }

  #describe(pipeline: DescribedPipeline): Camera {
    const { config } = pipeline;
    const status = pipeline.status();
    return { ...config, source: this.#deps.publicSource(config.source), state: status.state, status };
  }
}

function isSameDevice(source: CameraSource, device: UsbDevice): boolean {
  if (source.kind !== 'usb') return false;
  const { model, serial, port, node } = source.device;
  return model === device.model && serial === device.serial && port === device.port && node === device.node;
}
