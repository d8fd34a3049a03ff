import type { CameraControl, CameraControlChange, CameraSource } from '#device/contract/contract.ts';
import type { UsbCameras } from './usb-cameras.ts';

interface CameraControlsDeps {
  usb: Pick<UsbCameras, 'controls' | 'setControl'>;
  /** What network cameras keep themselves, in the same words. */
  network: {
    controls(cameraId: string, signal: AbortSignal): Promise<CameraControl[]>;
    setControl(cameraId: string, change: CameraControlChange, signal: AbortSignal): Promise<CameraControl[]>;
  };
  /** Throws a Failure `not-found`. */
  source(cameraId: string): CameraSource;
  save(cameraId: string, source: CameraSource): Promise<void>;
}

/** Settings of the cameras themselves, set at once. Those of a USB camera are kept here, since it forgets them with its power. */
export class CameraControls {
  readonly #deps: CameraControlsDeps;

  constructor(deps: CameraControlsDeps) {
    this.#deps = deps;
  }

  async list(cameraId: string, signal: AbortSignal): Promise<CameraControl[]> {
    const source = this.#deps.source(cameraId);
    return source.kind === 'usb' ? this.#deps.usb.controls(source.device, signal) : this.#deps.network.controls(cameraId, signal);
  }

  async set(cameraId: string, change: CameraControlChange, signal: AbortSignal): Promise<CameraControl[]> {
    const source = this.#deps.source(cameraId);
    if (source.kind !== 'usb') return this.#deps.network.setControl(cameraId, change, signal);
    const controls = await this.#deps.usb.setControl(source.device, change, signal);
    await this.#deps.save(cameraId, { ...source, controls: { ...source.controls, [change.id]: change.value } });
    return controls;
  }
}
