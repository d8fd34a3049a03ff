import type { Relay } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { isUnknownToCamera } from './onvif-answers.ts';
import { escaped, type OnvifCamera } from './onvif-camera.ts';
import { type RelayOutput, readRelays } from './relay-answers.ts';

interface CameraRelaysDeps {
  clock: Clock;
  /** null for a camera that does not speak ONVIF. */
  camera(cameraId: string): OnvifCamera | null;
  /** Who did what, for the journal. */
  switched(cameraId: string, message: string): void;
}

const wsdl = 'http://www.onvif.org/ver10/device/wsdl';
/** More than any camera has; what was told of the oldest is forgotten. */
const mostRemembered = 1_024;

/** The relay outputs of network cameras: gates, lights and sirens that are wired to them. */
export class CameraRelays {
  readonly #deps: CameraRelaysDeps;
  /** As each was told last: cameras do not tell how they are. */
  readonly #told = new Map<string, boolean>();

  constructor(deps: CameraRelaysDeps) {
    this.#deps = deps;
  }

  /** Empty for a camera that has none, or does not speak of them. */
  async list(cameraId: string, signal: AbortSignal): Promise<Relay[]> {
    const camera = this.#deps.camera(cameraId);
    if (!camera) return [];
    try {
      return (await outputsOf(camera, signal)).map((output) => this.#describe(cameraId, output));
    } catch (error) {
      if (isUnknownToCamera(error)) return [];
      throw error;
    }
  }

  /** `who` is written down. */
  async switch(cameraId: string, relayId: string, { on, who }: { on: boolean; who: string }, signal: AbortSignal): Promise<Relay> {
    const { camera, output } = await this.#relay(cameraId, relayId, signal);
    await this.#set(camera, { cameraId, output, on }, signal);
    this.#deps.switched(cameraId, `Output ${relayId} of the camera was switched ${on ? 'on' : 'off'} by ${who}.`);
    return this.#describe(cameraId, output);
  }

  /** Answers when it is off again, or when the camera has begun a pulse that it ends itself. */
  async pulse(
    cameraId: string,
    relayId: string,
    { durationMs, who }: { durationMs: number; who: string },
    signal: AbortSignal,
  ): Promise<Relay> {
    const { camera, output } = await this.#relay(cameraId, relayId, signal);
    // Both are asked to their end, also when nobody waits any more: a gate that may have begun to open is not left so.
    const unending = new AbortController().signal;
    const isOwnEnd = output.mode === 'pulse';
    try {
      await this.#set(camera, { cameraId, output, on: true }, unending);
      this.#deps.switched(cameraId, `Output ${relayId} of the camera was switched on for a moment by ${who}.`);
      if (!isOwnEnd) await this.#deps.clock.sleep(durationMs, signal);
    } finally {
      if (!isOwnEnd) await this.#set(camera, { cameraId, output, on: false }, unending);
    }
    return this.#describe(cameraId, output);
  }

  async #relay(cameraId: string, relayId: string, signal: AbortSignal): Promise<{ camera: OnvifCamera; output: RelayOutput }> {
    const camera = this.#deps.camera(cameraId);
    const output = camera && (await outputsOf(camera, signal)).find(({ id }) => id === relayId);
    if (!camera || !output)
      throw new Failure('not-found', 'This camera has no such output.', { action: 'Look at the list of its outputs.' });
    return { camera, output };
  }

  async #set(camera: OnvifCamera, { cameraId, output, on }: { cameraId: string; output: RelayOutput; on: boolean }, signal: AbortSignal) {
    const token = `<RelayOutputToken>${escaped(output.id)}</RelayOutputToken>`;
    const state = `<LogicalState>${on ? 'active' : 'inactive'}</LogicalState>`;
    await camera.say({ body: `<SetRelayOutputState xmlns="${wsdl}">${token}${state}</SetRelayOutputState>` }, signal);
    if (output.mode === 'pulse') return;
    const key = `${cameraId} ${output.id}`;
    this.#told.delete(key);
    this.#told.set(key, on);
    if (this.#told.size > mostRemembered) this.#told.delete(this.#told.keys().next().value ?? '');
  }

  #describe(cameraId: string, output: RelayOutput): Relay {
    return { ...output, on: this.#told.get(`${cameraId} ${output.id}`) ?? null };
  }
}

async function outputsOf(camera: OnvifCamera, signal: AbortSignal): Promise<RelayOutput[]> {
  await camera.meet(signal);
  return readRelays(await camera.say({ body: `<GetRelayOutputs xmlns="${wsdl}"/>` }, signal));
}
