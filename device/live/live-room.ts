import { Failure } from '#device/kernel/failure.ts';
import { LiveStream, type LiveStreamDeps } from './live-stream.ts';
import type { TimedJpeg, Viewer } from './ports.ts';

const tickMs = 1000;

/** All cameras that can be looked at. */
export interface LiveRoom {
  /** The stream a camera's pipeline feeds; made when it is first asked for, the same until it is removed. */
  stream(cameraId: string): LiveStream;
  /** Its viewers are sent away. */
  remove(cameraId: string): void;
  /** Returns the way to leave. Throws a Failure `not-found`. */
  watch(cameraId: string, viewer: Viewer): () => void;
  snapshot(cameraId: string, signal: AbortSignal): Promise<TimedJpeg>;
  /** Ends when the signal is aborted. */
  mjpeg(cameraId: string, signal: AbortSignal): AsyncIterable<TimedJpeg>;
  /** How many watch a camera's video now. */
  viewers(cameraId: string): number;
  /** Tells viewers once a second how old their picture is, until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export function createLiveRoom(deps: LiveStreamDeps): LiveRoom {
  const streams = new Map<string, LiveStream>();
  const find = (cameraId: string): LiveStream => {
    const stream = streams.get(cameraId);
    if (!stream) throw new Failure('not-found', 'There is no such camera.');
    return stream;
  };
  return {
    stream: (cameraId) => {
      const stream = streams.get(cameraId) ?? new LiveStream({ ...deps, logger: deps.logger.child({ cameraId }) });
      streams.set(cameraId, stream);
      return stream;
    },
    remove: (cameraId) => {
      streams.get(cameraId)?.close();
      streams.delete(cameraId);
    },
    watch: (cameraId, viewer) => find(cameraId).watch(viewer),
    snapshot: async (cameraId, signal) => find(cameraId).snapshot(signal),
    mjpeg: (cameraId, signal) => find(cameraId).mjpeg(signal),
    viewers: (cameraId) => streams.get(cameraId)?.viewers ?? 0,
    run: async (signal) => {
      while (!signal.aborted) {
        await deps.clock.sleep(tickMs, signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
        if (!signal.aborted) for (const stream of streams.values()) stream.tick();
      }
      for (const cameraId of [...streams.keys()]) streams.get(cameraId)?.close();
    },
  };
}
