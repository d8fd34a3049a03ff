import type { CameraState, CameraStatus } from '#device/contract/contract.ts';
import type { Failure } from '#device/kernel/failure.ts';

type Problem = NonNullable<CameraStatus['problem']>;

/** Whether a camera delivers, since when, and if not, why. Times are boot-clock milliseconds. */
export class Connection {
  #state: CameraState;
  #sinceBootMs: number;
  #problem: Problem | null = null;
  #lastFrameBootMs: number | null = null;
  #restarts = 0;

  constructor(enabled: boolean, bootMs: number) {
    this.#state = enabled ? 'connecting' : 'disabled';
    this.#sinceBootMs = bootMs;
  }

  get state(): CameraState {
    return this.#state;
  }

  get sinceBootMs(): number {
    return this.#sinceBootMs;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  get restarts(): number {
    return this.#restarts;
  }

  lastFrameAgeMs(bootMs: number): number | null {
    return this.#lastFrameBootMs === null ? null : Math.max(0, Math.round(bootMs - this.#lastFrameBootMs));
  }

  /** Answers true when the camera came online with this frame. */
  frame(bootMs: number): boolean {
    this.#lastFrameBootMs = bootMs;
    return this.#change('online', null, bootMs);
  }

  /** Answers true when the camera went offline with this failure. */
  failed(failure: Failure, bootMs: number): boolean {
    this.#restarts += 1;
    const problem: Problem = { kind: failure.kind, message: failure.message };
    if (failure.action !== undefined) problem.action = failure.action;
    return this.#change('offline', problem, bootMs);
  }

  #change(state: CameraState, problem: Problem | null, bootMs: number): boolean {
    this.#problem = problem;
    if (this.#state === state) return false;
    this.#state = state;
    this.#sinceBootMs = bootMs;
    return true;
  }
}
