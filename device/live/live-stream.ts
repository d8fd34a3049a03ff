import type { Box, CameraState, LiveMessage } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { initSegment, mimeOf } from '#device/media/mp4/init-segment.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { GroupBuffer } from './group-buffer.ts';
import { MjpegFeed } from './mjpeg-feed.ts';
import type { PicturesPort, TimedJpeg, Viewer } from './ports.ts';
import { Segmenter } from './segmenter.ts';
import { Snapshots } from './snapshots.ts';
import { ViewerQueue } from './viewer-queue.ts';

export interface LiveStreamDeps {
  clock: Clock;
  logger: Logger;
  pictures: PicturesPort;
}

/** One camera for all who look at it. The pipeline feeds it; with nobody looking it only remembers the newest group of pictures. */
export class LiveStream {
  readonly #clock: Clock;
  readonly #group = new GroupBuffer();
  readonly #snapshots: Snapshots;
  readonly #mjpeg: MjpegFeed;
  readonly #logger: Logger;
  readonly #viewers = new Map<Viewer, ViewerQueue>();
  #format: StreamFormat | null = null;
  /** The format ended: the group is only good for a picture that says how old it is. */
  #ended = true;
  #segmenter: Segmenter | null = null;
  #init: { message: LiveMessage; bytes: Uint8Array } | null = null;
  #state: CameraState = 'connecting';
  #lastFrameBootMs: number | null = null;

  constructor(deps: LiveStreamDeps) {
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#snapshots = new Snapshots(deps.clock, deps.pictures);
    this.#mjpeg = new MjpegFeed(deps.clock, deps.pictures, deps.logger);
  }

  /** A capture session delivers its format. Viewers get a new init segment. */
  begin(format: StreamFormat): void {
    this.#format = format;
    this.#ended = false;
    this.#group.clear();
    this.#segmenter = null;
    this.#init = null;
    this.#mjpeg.begin(format);
    for (const viewer of this.#viewers.keys()) this.#guarded(viewer, (queue) => this.#introduce(queue));
  }

  packet(packet: TimedPacket): void {
    if (!this.#format || this.#ended) return;
    if (packet.track === 'video') this.#lastFrameBootMs = packet.bootMs;
    this.#group.add(packet);
    this.#mjpeg.packet(packet);
    if (this.#viewers.size === 0 || !this.#segmenter) return;
    const now = this.#clock.boot();
    for (const segment of this.#segmenter.add(packet, now)) {
      for (const viewer of this.#viewers.keys()) this.#guarded(viewer, (queue) => queue.segment(segment, now));
    }
  }

  /** The capture session is over; its last pictures stay for snapshots. */
  end(): void {
    this.#ended = true;
    this.#segmenter = null;
    this.#init = null;
    this.#mjpeg.end();
    for (const queue of this.#viewers.values()) queue.end();
  }

  observation({ score, threshold, moving, boxes }: { score: number; threshold: number; moving: boolean; boxes: Box[] }): void {
    this.#tell({ type: 'motion', score, threshold, moving, boxes });
  }

  state(state: CameraState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell(this.#status());
  }

  /** Once a second: how old the newest frame is, and whether a viewer is beyond hope. */
  tick(): void {
    const now = this.#clock.boot();
    this.#tell(this.#status());
    for (const [viewer, queue] of this.#viewers) if (queue.isHopeless(now)) this.#drop(viewer, 'it took nothing for too long');
  }

  watch(viewer: Viewer): () => void {
    this.#viewers.set(viewer, new ViewerQueue(viewer));
    this.#guarded(viewer, (queue) => {
      queue.message(JSON.stringify(this.#status()));
      if (this.#format && !this.#ended) this.#introduce(queue);
    });
    return () => this.#leave(viewer);
  }

  snapshot(signal: AbortSignal): Promise<TimedJpeg> {
    return this.#snapshots.take(this.#format, this.#group, signal);
  }

  mjpeg(signal: AbortSignal): AsyncIterable<TimedJpeg> {
    return this.#mjpeg.watch(this.#group, signal);
  }

  /** The camera was removed. */
  close(): void {
    this.end();
    for (const viewer of this.#viewers.keys()) this.#drop(viewer, 'the camera was removed');
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  #introduce(queue: ViewerQueue): void {
    const format = this.#format;
    if (!format) return;
    if (format.video.codec === 'mjpeg') {
      const message = 'This camera sends MJPEG, which browsers do not play as video. Its pictures are shown one after the other instead.';
      queue.message(JSON.stringify({ type: 'unsupported', message } satisfies LiveMessage));
      return;
    }
    queue.begin(this.#initOf(format), this.#segmenterOf().sinceKey);
  }

  #initOf(format: StreamFormat): { message: LiveMessage; bytes: Uint8Array } {
    const { width, height } = format.video;
    this.#init ??= { message: { type: 'init', mime: mimeOf(format), width, height }, bytes: initSegment(format) };
    return this.#init;
  }

  /** Made when the first viewer comes, from the group that was remembered meanwhile. */
  #segmenterOf(): Segmenter {
    if (this.#segmenter) return this.#segmenter;
    const segmenter = new Segmenter();
    const { whole } = this.#group;
    if (whole) segmenter.begin(whole, this.#clock.boot());
    this.#segmenter = segmenter;
    return segmenter;
  }

  #status(): LiveMessage {
    const lastFrameAgeMs = this.#lastFrameBootMs === null ? null : Math.max(0, Math.round(this.#clock.boot() - this.#lastFrameBootMs));
    return { type: 'status', state: this.#state, lastFrameAgeMs };
  }

  #tell(message: LiveMessage): void {
    if (this.#viewers.size === 0) return;
    const text = JSON.stringify(message);
    for (const viewer of this.#viewers.keys()) this.#guarded(viewer, (queue) => queue.message(text));
  }

  /** One viewer's broken socket never keeps the picture from the others. */
  #guarded(viewer: Viewer, give: (queue: ViewerQueue) => void): void {
    const queue = this.#viewers.get(viewer);
    if (!queue) return;
    try {
      give(queue);
    } catch (error) {
      this.#logger.debug({ err: error }, 'a viewer could not be reached');
      this.#leave(viewer);
    }
  }

  #drop(viewer: Viewer, reason: string): void {
    const queue = this.#viewers.get(viewer);
    this.#leave(viewer);
    this.#logger.info({ reason }, 'a viewer was dropped');
    try {
      queue?.close();
    } catch (error) {
      this.#logger.debug({ err: error }, 'a viewer could not be closed');
    }
  }

  #leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#segmenter = null;
    this.#init = null;
  }
}
