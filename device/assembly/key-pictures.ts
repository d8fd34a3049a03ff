import type { CameraPipeline } from '#device/cameras/pipeline.ts';
import type { Capture } from '#device/capture/capture.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { LumaPicture } from '#device/media/packet.ts';

/** Enough for a code on a phone at arm's length; detection's own pictures are four times too small for it. */
const width = 1280;
const patienceMs = 10_000;

export interface Filming {
  pipelines(): readonly Pick<CameraPipeline, 'newestPicture'>[];
}

/** One large picture of what a camera sees now, another camera each time; null when that one sees nothing. */
export function keyPictures(cameras: Filming, capture: Pick<Capture, 'lumas'>, clock: Clock) {
  let turn = 0;
  return async (signal: AbortSignal): Promise<LumaPicture | null> => {
    const pipelines = cameras.pipelines();
    turn += 1;
    const newest = pipelines[turn % Math.max(1, pipelines.length)]?.newestPicture();
    if (!newest) return null;
    const packets = (async function* () {
      yield* newest.packets;
    })();
    const deadline = new AbortController();
    clock.sleep(patienceMs, deadline.signal).then(
      () => deadline.abort(),
      () => {},
    );
    const either = AbortSignal.any([signal, deadline.signal]);
    try {
      for await (const picture of capture.lumas(newest.format, packets, { width, framesPerSecond: 1 }, either)) return picture;
      return null;
    } finally {
      deadline.abort();
    }
  };
}
