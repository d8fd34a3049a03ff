import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { GroupBuffer } from './group-buffer.ts';
import { PacketQueue } from './packet-queue.ts';
import type { PicturesPort, TimedJpeg } from './ports.ts';

const maxWidth = 1280;
const framesPerSecond = 5;
/** A reload of the page must not cost a new decoder. */
const idleMs = 5000;
const retryMs = 2000;
/** A decoder that begins gets a whole group at once and is through with it in much less than this. */
const catchUpMs = 1500;

interface Watcher {
  latest: { jpeg: Uint8Array; bootMs: number } | null;
  wake: () => void;
}

/** JPEG after JPEG of one camera: one decoder for all who watch, none when nobody does. Who is slow gets the newest picture next. */
export class MjpegFeed {
  readonly #clock: Clock;
  readonly #pictures: PicturesPort;
  readonly #logger: Logger;
  readonly #watchers = new Set<Watcher>();
  #format: StreamFormat | null = null;
  #decoder: { packets: PacketQueue; stop: AbortController } | null = null;
  #idle: AbortController | null = null;
  #lastSentBootMs = Number.NEGATIVE_INFINITY;
  #retryAtBootMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, pictures: PicturesPort, logger: Logger) {
    this.#clock = clock;
    this.#pictures = pictures;
    this.#logger = logger;
  }

  begin(format: StreamFormat): void {
    this.end();
    this.#format = format;
    this.#retryAtBootMs = Number.NEGATIVE_INFINITY;
  }

  end(): void {
    this.#format = null;
    this.#stop();
  }

  /** Every packet of the camera; costs nothing while nobody watches. */
  packet(packet: TimedPacket): void {
    if (packet.track !== 'video' || !this.#format) return;
    if (this.#format.video.codec === 'mjpeg') {
      this.#publishMjpeg(packet);
      return;
    }
    this.#decoder?.packets.push(packet);
    if (packet.key && !this.#decoder && this.#watchers.size > 0) this.#start([packet]);
  }

  async *watch(group: GroupBuffer, signal: AbortSignal): AsyncGenerator<TimedJpeg> {
    const watcher: Watcher = { latest: null, wake: () => {} };
    this.#watchers.add(watcher);
    this.#idle?.abort();
    this.#idle = null;
    const abort = () => watcher.wake();
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.#join(watcher, group);
      while (!signal.aborted) {
        const picture = watcher.latest;
        if (picture) {
          watcher.latest = null;
          yield { jpeg: picture.jpeg, ageMs: Math.max(0, this.#clock.boot() - picture.bootMs) };
          continue;
        }
        await new Promise<void>((resolve) => {
          watcher.wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', abort);
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#stopWhenIdle();
    }
  }

  #join(watcher: Watcher, group: GroupBuffer): void {
    const { newest } = group;
    if (this.#format?.video.codec === 'mjpeg' && newest) watcher.latest = { jpeg: newest.data, bootMs: newest.bootMs };
    const whole = group.whole?.filter((packet) => packet.track === 'video');
    if (!this.#decoder && whole && whole.length > 0) this.#start(whole);
  }

  #publishMjpeg(packet: TimedPacket): void {
    if (this.#watchers.size === 0 || packet.bootMs - this.#lastSentBootMs < 1000 / framesPerSecond - 1) return;
    this.#publish(packet.data, packet.bootMs);
  }

  #publish(jpeg: Uint8Array, bootMs: number): void {
    this.#lastSentBootMs = bootMs;
    for (const watcher of this.#watchers) {
      watcher.latest = { jpeg, bootMs };
      watcher.wake();
    }
  }

  #start(group: readonly TimedPacket[]): void {
    const format = this.#format;
    if (!format || format.video.codec === 'mjpeg' || this.#clock.boot() < this.#retryAtBootMs) return;
    const packets = new PacketQueue();
    for (const packet of group) packets.push(packet);
    const decoder = { packets, stop: new AbortController() };
    this.#decoder = decoder;
    this.#decode(format, decoder)
      .catch((error: unknown) => {
        if (decoder.stop.signal.aborted) return;
        this.#logger.warn({ err: error }, 'the pictures for viewers stopped and begin again soon');
      })
      .finally(() => {
        if (this.#decoder !== decoder) return;
        this.#retryAtBootMs = this.#clock.boot() + retryMs;
        this.#stop();
      });
  }

  async #decode(format: StreamFormat, decoder: { packets: PacketQueue; stop: AbortController }): Promise<void> {
    const { packets, stop } = decoder;
    const jpegs = this.#pictures.jpegs(format, packets.take(stop.signal), { maxWidth, framesPerSecond }, stop.signal);
    const beganBootMs = this.#clock.boot();
    for await (const jpeg of jpegs) {
      if (stop.signal.aborted) return;
      // The decoder says no times. While it catches up a picture may be as old as the one it began with; later the newest
      // packet it took is at most a frame or two ahead of what it shows.
      const isCatchingUp = this.#clock.boot() - beganBootMs < catchUpMs;
      this.#publish(jpeg, isCatchingUp ? packets.firstBootMs : packets.newestTakenBootMs);
    }
  }

  #stopWhenIdle(): void {
    const idle = new AbortController();
    this.#idle = idle;
    this.#clock.sleep(idleMs, idle.signal).then(
      () => {
        if (this.#watchers.size === 0) this.#stop();
      },
      () => {},
    );
  }

  #stop(): void {
    this.#decoder?.stop.abort();
    this.#decoder = null;
  }
}
