import type { Box } from '#device/contract/contract.ts';
import type { RecorderPort } from './ports.ts';

type EventRecorder = Pick<RecorderPort, 'motionStarted' | 'motionEnded' | 'recordingAt'>;

/** Why a camera records for an event: what is seen here, and what the camera itself notices. It goes on until the last reason is gone. */
export class EventRecording {
  readonly #recorder: EventRecorder;
  readonly #reasons = new Set<string>();
  #startBootMs = 0;

  constructor(recorder: EventRecorder) {
    this.#recorder = recorder;
  }

  /** The recorder as one reason sees it. */
  because(reason: string): EventRecorder {
    return {
      motionStarted: (motion) => this.#began(reason, motion),
      motionEnded: (endBootMs) => this.#ended(reason, endBootMs),
      recordingAt: (bootMs) => this.#recorder.recordingAt(bootMs),
    };
  }

  /** A recorder that begins anew knows nothing of what lasts. */
  resume(bootMs: number): void {
    if (this.#reasons.size > 0) this.#recorder.motionStarted({ startBootMs: bootMs, boxes: [], score: 0 });
  }

  #began(reason: string, motion: { startBootMs: number; boxes: Box[]; score: number }): void {
    const isFirst = this.#reasons.size === 0;
    this.#reasons.add(reason);
    // What joins in must not shorten the pre-roll of what began before; a place in the picture is worth telling.
    this.#startBootMs = isFirst ? motion.startBootMs : Math.min(this.#startBootMs, motion.startBootMs);
    if (isFirst || motion.boxes.length > 0) this.#recorder.motionStarted({ ...motion, startBootMs: this.#startBootMs });
  }

  #ended(reason: string, endBootMs: number): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#recorder.motionEnded(endBootMs);
  }
}
