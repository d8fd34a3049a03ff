import type { CameraControl, CameraControlChange, UsbDevice } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { matchNode } from './usb-identity.ts';
import { controlsArguments, factsArguments, readControls, readFacts, setControlArguments, type UsbMode } from './v4l2-answers.ts';
import type { AskV4l2 } from './v4l2-program.ts';
import { cameraNodes, hasHardwareEncoder, type Roots, readVideoNodes, type VideoNode } from './video-nodes.ts';

interface UsbCamerasDeps {
  roots: Roots;
  ask: AskV4l2;
}

export interface UsbCamera extends VideoNode {
  modes: UsbMode[];
}

/** The cameras on USB: which are there, what they can do, and their own settings. */
export class UsbCameras {
  readonly #deps: UsbCamerasDeps;

  constructor(deps: UsbCamerasDeps) {
    this.#deps = deps;
  }

  /** Their nodes alone, from what the kernel knows: nothing is opened. */
  async nodes(): Promise<VideoNode[]> {
    return cameraNodes(await readVideoNodes(this.#deps.roots));
  }

  /** Those that deliver pictures, with what they offer. A node that does not answer is left out. */
  async list(signal: AbortSignal): Promise<UsbCamera[]> {
    const cameras: UsbCamera[] = [];
    for (const node of await this.nodes()) {
      const facts = await this.#facts(node.path, signal).catch((error: unknown) => {
        if (signal.aborted || (error instanceof Failure && error.kind === 'unavailable')) throw error;
        return null;
      });
      if (facts?.isCapture && facts.modes.length > 0) cameras.push({ ...node, modes: facts.modes });
    }
    return cameras;
  }

  /** The camera that this device is, wherever it is now. Throws a Failure `camera-unreachable` when it is not plugged in. */
  async find(device: UsbDevice, signal: AbortSignal): Promise<UsbCamera> {
    const node = await this.#node(device);
    const { modes } = await this.#facts(node.path, signal);
    return { ...node, modes };
  }

  async hasHardwareEncoder(): Promise<boolean> {
    return hasHardwareEncoder(await readVideoNodes(this.#deps.roots));
  }

  async controls(device: UsbDevice, signal: AbortSignal): Promise<CameraControl[]> {
    const node = await this.#node(device);
    return readControls(await this.#deps.ask(controlsArguments(node.path), signal));
  }

  /** Answers all controls as they are then: one may free or lock others. */
  async setControl(device: UsbDevice, change: CameraControlChange, signal: AbortSignal): Promise<CameraControl[]> {
    const node = await this.#node(device);
    const controls = readControls(await this.#deps.ask(controlsArguments(node.path), signal));
    refuseOutOfBounds(controls, change);
    await this.#deps.ask(setControlArguments(node.path, change), signal);
    return readControls(await this.#deps.ask(controlsArguments(node.path), signal));
  }

  /** Automatics first: what they decide can only be set once they are off. Answers what could not be set. */
  async applyControls(path: string, controls: Readonly<Record<string, number>>, signal: AbortSignal): Promise<string[]> {
    const refused: string[] = [];
    const inOrder = Object.entries(controls).toSorted(([one], [other]) => Number(other.includes('auto')) - Number(one.includes('auto')));
    for (const [id, value] of inOrder) {
      try {
        await this.#deps.ask(setControlArguments(path, { id, value }), signal);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        refused.push(`The camera did not take its setting “${id.replaceAll('_', ' ')}”.`);
      }
    }
    return refused;
  }

  async #facts(path: string, signal: AbortSignal) {
    return readFacts(await this.#deps.ask(factsArguments(path), signal));
  }

  async #node(device: UsbDevice): Promise<VideoNode> {
    const node = matchNode(device, await this.nodes());
    if (node) return node;
    throw new Failure('camera-unreachable', 'This USB camera is not plugged in.', {
      action:
        device.serial === undefined
          ? 'Plug it in where it was: it has no serial number, so it is known by its port. Or add it anew.'
          : 'Plug it in, into any port, and check its cable.',
    });
  }
}

function refuseOutOfBounds(controls: readonly CameraControl[], { id, value }: CameraControlChange): void {
  const control = controls.find((candidate) => candidate.id === id);
  if (!control) throw new Failure('not-found', 'This camera has no such control.');
  if (!control.changeable) {
    throw new Failure('conflict', `${control.label} is decided by another control now.`, {
      action: 'Switch the automatic that decides it off first.',
    });
  }
  const isChoice = control.kind === 'choice' && control.choices.length > 0;
  const fits = isChoice ? control.choices.some((choice) => choice.value === value) : value >= control.min && value <= control.max;
  if (!fits) throw new Failure('invalid-input', `${control.label} goes from ${control.min} to ${control.max}.`);
}
