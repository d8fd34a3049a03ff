import type { MotionSettings } from '#device/contract/contract.ts';
import type { LumaPicture } from '#device/media/packet.ts';
import type { DetectionPort, MotionStep, Observation } from './ports.ts';

interface MotionWatchPorts {
  detection: Pick<DetectionPort, 'detector' | 'tracker'>;
  onObservation(observation: Observation, moving: boolean): void;
  onStep(step: MotionStep): void;
}

/** Joins detector and tracker of one camera: pictures in, the steps of motion events out. */
export class MotionWatch {
  readonly #ports: MotionWatchPorts;
  readonly #detector: ReturnType<DetectionPort['detector']>;
  readonly #tracker: ReturnType<DetectionPort['tracker']>;
  #moving = false;

  constructor(settings: MotionSettings, ports: MotionWatchPorts) {
    this.#ports = ports;
    this.#detector = ports.detection.detector(settings);
    this.#tracker = ports.detection.tracker();
  }

  get moving(): boolean {
    return this.#moving;
  }

  configure(settings: MotionSettings): void {
    this.#detector.configure(settings);
  }

  lightChanged(): void {
    this.#detector.lightChanged();
  }

  picture(picture: LumaPicture): Observation {
    const observation = this.#detector.observe(picture);
    this.#take(this.#tracker.observe(observation));
    this.#ports.onObservation(observation, this.#moving);
    return observation;
  }

  tick(bootMs: number): void {
    this.#take(this.#tracker.tick(bootMs));
  }

  stop(bootMs: number): void {
    this.#take(this.#tracker.stop(bootMs));
  }

  #take(steps: MotionStep[]): void {
    for (const step of steps) {
      this.#moving = step.phase !== 'ended';
      this.#ports.onStep(step);
    }
  }
}
