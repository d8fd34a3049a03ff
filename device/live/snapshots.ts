import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { leftWhen } from '#device/kernel/left-when.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { GroupBuffer } from './group-buffer.ts';
import type { PicturesPort, TimedJpeg } from './ports.ts';

const snapshotMaxWidth = 1920;
/** The key picture alone is the cheapest to decode; only when it is older than this is the group since decoded too. */
const freshMs = 4000;
const decodeTimeoutMs = 10_000;

interface Picture {
  jpeg: Uint8Array;
  bootMs: number;
}

interface Decoding {
  promise: Promise<Picture>;
  waiting: number;
  stop: AbortController;
}

/** Single pictures of one camera: one decoding at a time however many ask, and none when the newest is known. */
export class Snapshots {
  readonly #clock: Clock;
  readonly #pictures: PicturesPort;
  #last: Picture | null = null;
  #decoding: Decoding | null = null;

  constructor(clock: Clock, pictures: PicturesPort) {
    this.#clock = clock;
    this.#pictures = pictures;
  }

  /** Throws a Failure `camera-offline` when there never was a picture, and the signal's reason when it is aborted. */
  async take(format: StreamFormat | null, group: GroupBuffer, signal: AbortSignal): Promise<TimedJpeg> {
    signal.throwIfAborted();
    const { key, newest } = group;
    if (!format || !key || !newest) return this.#told(this.#last);
    if (format.video.codec === 'mjpeg') return this.#told({ jpeg: newest.data, bootMs: newest.bootMs });
    if (this.#last && this.#last.bootMs >= key.bootMs && newest.bootMs - this.#last.bootMs <= freshMs) return this.#told(this.#last);
    const video = newest.bootMs - key.bootMs > freshMs ? group.whole?.filter((packet) => packet.track === 'video') : null;
    return this.#told(await this.#join(format, video ?? [key], signal));
  }

  async #join(format: StreamFormat, packets: readonly TimedPacket[], signal: AbortSignal): Promise<Picture> {
    const decoding = this.#decoding ?? this.#start(format, packets);
    decoding.waiting += 1;
    try {
      return await leftWhen(signal, decoding.promise);
    } finally {
      decoding.waiting -= 1;
      if (decoding.waiting === 0) this.#finish(decoding);
    }
  }

  #start(format: StreamFormat, packets: readonly TimedPacket[]): Decoding {
    const stop = new AbortController();
    const decoding: Decoding = { promise: this.#decode(format, packets, stop), waiting: 0, stop };
    this.#decoding = decoding;
    const finish = () => this.#finish(decoding);
    // Everyone may have left before it fails.
    decoding.promise.then(finish, finish);
    return decoding;
  }

  /** Nobody joins what is over or given up. */
  #finish(decoding: Decoding): void {
    decoding.stop.abort();
    if (this.#decoding === decoding) this.#decoding = null;
  }

  async #decode(format: StreamFormat, packets: readonly TimedPacket[], stop: AbortController): Promise<Picture> {
    const late = new Failure('timeout', 'The picture could not be made in time.', { action: 'Try again; the device may be busy.' });
    this.#clock.sleep(decodeTimeoutMs, stop.signal).then(
      () => stop.abort(late),
      () => {},
    );
    const jpeg = await this.#pictures.jpeg(format, packets, { maxWidth: snapshotMaxWidth }, stop.signal).catch((error: unknown) => {
      throw stop.signal.reason === late ? late : error;
    });
    this.#last = { jpeg, bootMs: packets.at(-1)?.bootMs ?? 0 };
    return this.#last;
  }

  #told(picture: Picture | null): TimedJpeg {
    if (!picture) {
      throw new Failure('camera-offline', 'This camera has not delivered a picture yet.', { action: 'Look at its state to see why.' });
    }
    return { jpeg: picture.jpeg, ageMs: Math.max(0, this.#clock.boot() - picture.bootMs) };
  }
}
