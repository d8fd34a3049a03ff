import type { Logger } from '#device/kernel/logger.ts';
import { eventPicture } from './event-picture.ts';
import type { CapturePort, JournalPort, MotionFinding, MotionStep, RecorderPort, Thrift } from './ports.ts';
import type { RecentPictures } from './recent-pictures.ts';

/** A picture is made anew only when the event shows itself this much better. */
const betterBy = 1.15;

interface MotionEventsDeps {
  logger: Logger;
  capture: Pick<CapturePort, 'jpeg'>;
  recorder: Pick<RecorderPort, 'motionStarted' | 'motionEnded' | 'recordingAt'>;
  journal: JournalPort;
  pictures: RecentPictures;
  thrift(): Thrift;
}

/** What follows from the steps of a camera's motion events: recording, journal, and the best picture. */
export class MotionEvents {
  readonly #cameraId: string;
  readonly #deps: MotionEventsDeps;
  #current: MotionFinding | null = null;
  #recordingKnown = false;
  #picturedScore = 0;
  #picturing = false;
  readonly #closed = new AbortController();

  constructor(cameraId: string, deps: MotionEventsDeps) {
    this.#cameraId = cameraId;
    this.#deps = deps;
  }

  step(step: MotionStep): void {
    const { recorder, journal } = this.#deps;
    if (step.phase === 'started') {
      this.#current = step;
      this.#recordingKnown = false;
      this.#picturedScore = 0;
      recorder.motionStarted(step);
      journal.motionStarted(this.#cameraId, step);
    } else if (step.phase === 'updated') {
      this.#current = step;
      journal.motionUpdated(this.#cameraId, step);
    } else {
      this.#linkRecording();
      recorder.motionEnded(step.endBootMs);
      journal.motionEnded(this.#cameraId, step);
      this.#current = null;
    }
    this.#linkRecording();
    if (step.phase !== 'ended') void this.#picture(step);
  }

  tick(): void {
    this.#linkRecording();
  }

  /** Pictures still being made are given up. */
  close(): void {
    this.#closed.abort();
  }

  /** The recorder opens its file a moment after it was told; the link is made as soon as there is one. */
  #linkRecording(): void {
    if (!this.#current || this.#recordingKnown) return;
    const recordingId = this.#deps.recorder.recordingAt(this.#current.startBootMs);
    if (recordingId === null) return;
    this.#recordingKnown = true;
    this.#deps.journal.motionRecording(this.#cameraId, this.#current.startBootMs, recordingId);
  }

  async #picture(finding: MotionFinding): Promise<void> {
    if (this.#deps.thrift().noEventPictures || this.#picturing || finding.score < this.#picturedScore * betterBy) return;
    const moment = this.#deps.pictures.at(finding.bestBootMs);
    if (!moment) return;
    this.#picturing = true;
    this.#picturedScore = finding.score;
    const jpeg = await eventPicture(moment, { ...this.#deps, cameraId: this.#cameraId, signal: this.#closed.signal });
    this.#picturing = false;
    if (jpeg) this.#deps.journal.motionPicture(this.#cameraId, finding.startBootMs, jpeg);
  }
}
