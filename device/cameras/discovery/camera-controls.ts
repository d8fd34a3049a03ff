import type { CameraControl, CameraControlChange, CameraSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { UsbCameras } from './usb-cameras.ts';

interface CameraControlsDeps {
  usb: Pick<UsbCameras, 'controls' | 'setControl'>;
  /** Throws a Failure `not-found`. */
  source(cameraId: string): CameraSource;
  save(cameraId: string, source: CameraSource): Promise<void>;
}

/** Settings of the cameras themselves: set at once, and kept, since a camera forgets them with its power. */
export class CameraControls {
  readonly #deps: CameraControlsDeps;

  constructor(deps: CameraControlsDeps) {
    this.#deps = deps;
  }

  async list(cameraId: string, signal: AbortSignal): Promise<CameraControl[]> {
    const source = this.#deps.source(cameraId);
    return source.kind === 'usb' ? this.#deps.usb.controls(source.device, signal) : [];
  }

  async set(cameraId: string, change: CameraControlChange, signal: AbortSignal): Promise<CameraControl[]> {
    const source = this.#deps.source(cameraId);
    if (source.kind !== 'usb') throw new Failure('not-found', 'This camera has no such control.');
    const controls = await this.#deps.usb.setControl(source.device, change, signal);
    await this.#deps.save(cameraId, { ...source, controls: { ...source.controls, [change.id]: change.value } });
    return controls;
  }
}
