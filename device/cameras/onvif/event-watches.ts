import type { OnvifLogin } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { NoticeSink } from '../ports.ts';
import type { EventService } from './event-service.ts';
import { watchEvents } from './event-watch.ts';

/** A camera whose own events are wanted. */
export interface WatchedCamera {
  id: string;
  login: OnvifLogin;
  /** Of its picture: a device may have several. */
  streamUrl: string;
  /** Another one when the camera was opened anew, which must hear how things are. */
  sink: NoticeSink;
}

interface EventWatchesDeps {
  clock: Clock;
  logger: Logger;
  random(): number;
  cameras(): readonly WatchedCamera[];
  service(camera: WatchedCamera): EventService;
}

interface Running {
  camera: WatchedCamera;
  stop: AbortController;
  done: Promise<void>;
}

const lookMs = 1_000;

/** One watch for each camera that is to be heard; what happens to one never reaches another. */
export class EventWatches {
  readonly #deps: EventWatchesDeps;
  readonly #running = new Map<string, Running>();

  constructor(deps: EventWatchesDeps) {
    this.#deps = deps;
  }

  /** Until aborted; then every subscription is given back. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await every(this.#deps.clock, lookMs, signal, () => this.#reconcile(this.#deps.cameras()));
    } finally {
      const ending = [...this.#running.values()];
      this.#reconcile([]);
      await Promise.all(ending.map(({ done }) => done));
    }
  }

  #reconcile(wanted: readonly WatchedCamera[]): void {
    for (const [id, { camera, stop }] of this.#running) {
      if (wanted.some((other) => isSame(camera, other))) continue;
      stop.abort();
      this.#running.delete(id);
    }
    for (const camera of wanted) if (!this.#running.has(camera.id)) this.#start(camera);
  }

  #start(camera: WatchedCamera): void {
    const { clock, logger, random, service } = this.#deps;
    const stop = new AbortController();
    const { id: cameraId, sink } = camera;
    const done = watchEvents({ clock, logger, random, cameraId, sink, service: () => service(camera) }, stop.signal).catch(
      (error: unknown) => logger.error({ camera: cameraId, err: error }, 'the watch of the own events of the camera ended'),
    );
    this.#running.set(cameraId, { camera, stop, done });
  }
}

function isSame(one: WatchedCamera, other: WatchedCamera): boolean {
  const opened = ({ login, streamUrl }: WatchedCamera) => JSON.stringify([login, streamUrl]);
  return one.id === other.id && one.sink === other.sink && opened(one) === opened(other);
}
