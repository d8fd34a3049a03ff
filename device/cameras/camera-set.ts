import type { CameraConfig } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { CameraPipeline } from './pipeline.ts';
import { type CameraStep, cameraSteps } from './reconcile.ts';

interface CameraSetDeps {
  clock: Clock;
  logger: Logger;
  pipeline(config: CameraConfig): CameraPipeline;
  onRemoved(cameraId: string): void;
}

interface Running {
  pipeline: CameraPipeline;
  stop: AbortController;
  done: Promise<void>;
}

const tickMs = 1_000;

/** The cameras that run. Each is on its own: what happens to one never reaches another. */
export class CameraSet {
  readonly #deps: CameraSetDeps;
  readonly #running = new Map<string, Running>();
  #changing: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(deps: CameraSetDeps) {
    this.#deps = deps;
  }

  /** Ticks until aborted, then stops every camera and waits until its recordings are closed. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#deps.clock.sleep(tickMs, signal);
        for (const { pipeline } of this.#running.values()) this.#tick(pipeline);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      // A change that was asked for just before must not start a camera that nobody stops.
      this.#ended = true;
      await this.reconcile([]);
    }
  }

  pipelines(): CameraPipeline[] {
    return [...this.#running.values()].map((running) => running.pipeline);
  }

  pipeline(cameraId: string): CameraPipeline {
    const running = this.#running.get(cameraId);
    if (!running) throw new Failure('not-found', 'There is no such camera.', { action: 'Look at the list of cameras for its id.' });
    return running.pipeline;
  }

  /** Makes what runs what is configured, one change after the other. */
  reconcile(configured: readonly CameraConfig[]): Promise<void> {
    return this.#inTurn(async () => {
      const running = this.pipelines().map((pipeline) => pipeline.config);
      await Promise.all(cameraSteps(running, this.#ended ? [] : configured).map((step) => this.#execute(step)));
    });
  }

  /** Opens the camera's stream anew. */
  restart(cameraId: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#ended) await this.#execute({ step: 'reopen', camera: this.pipeline(cameraId).config });
    });
  }

  #tick(pipeline: CameraPipeline): void {
    try {
      pipeline.tick();
    } catch (error) {
      this.#deps.logger.error({ camera: pipeline.config.id, err: error }, 'a tick of the camera failed');
    }
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#changing.then(change);
    this.#changing = turn.catch(() => {});
    return turn;
  }

  async #execute(step: CameraStep): Promise<void> {
    switch (step.step) {
      case 'start':
        this.#start(step.camera);
        return;
      case 'stop':
        await this.#stop(step.cameraId);
        this.#deps.onRemoved(step.cameraId);
        return;
      case 'reopen':
        await this.#stop(step.camera.id);
        this.#start(step.camera);
        return;
      case 'apply':
        this.pipeline(step.camera.id).apply(step.camera);
    }
  }

  #start(config: CameraConfig): void {
    const pipeline = this.#deps.pipeline(config);
    const stop = new AbortController();
    const done = pipeline.run(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#deps.logger.error({ camera: config.id, err: error }, 'camera pipeline ended');
    });
    this.#running.set(config.id, { pipeline, stop, done });
  }

  async #stop(cameraId: string): Promise<void> {
    const running = this.#running.get(cameraId);
    if (!running) return;
    running.stop.abort();
    await running.done;
    this.#running.delete(cameraId);
  }
}
