import type { Clock } from '#device/kernel/clock.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import type { Packet, StreamFormat, VideoTrack } from '#device/media/packet.ts';
import { BootTimes } from './boot-times.ts';
import type { CaptureSink } from './capture.ts';
import { pictureShape } from './parameter-sets.ts';

/** So long video waits for the sound track to say what it is. */
export const audioPatienceMs = 1500;
export const silentSoundNote = 'The camera announces sound but sends none.';

/** A packet on its way to the sink. */
export interface Arrival {
  packet: Packet;
  /** Its place in the stream's own time, which video and sound share. */
  streamMs: number;
  arrivalMs: number;
}

/** The last stretch of every session, whatever brought the packets: checked for a change of format, put on the boot clock, handed over. */
export class Delivery {
  readonly #clock: Clock;
  readonly #sink: CaptureSink;
  readonly #times = new BootTimes();
  #shape: string | null = null;
  #lastVideoBootMs: number | null = null;

  constructor(clock: Clock, sink: CaptureSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  /** When the newest video packet came in; null before the first. */
  get lastVideoBootMs(): number | null {
    return this.#lastVideoBootMs;
  }

  /** When that moment of the stream's own time was. */
  bootMs(streamMs: number): number | null {
    return this.#times.bootMs(streamMs);
  }

  /** Whether a picture that comes in now is of the future, by the stream's own time: the camera set its clock forward. */
  isAhead(streamMs: number, lateMs: number): boolean {
    return this.#times.isAhead(streamMs, this.#clock.boot() - lateMs);
  }

  /** A video packet came in; `lateMs` is how long it was held back before. Throws `RestartAtOnce` when the camera changed its format. */
  video(track: VideoTrack, packet: Packet, streamMs: number, lateMs: number): Arrival {
    if (packet.key) this.#checkShape(track, packet.data);
    const arrivalMs = this.#clock.boot();
    this.#lastVideoBootMs = arrivalMs;
    this.#times.observe(streamMs, arrivalMs - lateMs, packet.key);
    return { packet, streamMs, arrivalMs };
  }

  audio(packet: Packet, streamMs: number): Arrival {
    return { packet, streamMs, arrivalMs: this.#clock.boot() };
  }

  /** Once, before anything is handed over. */
  begin(format: StreamFormat): void {
    this.#sink.format(format);
  }

  handOver({ packet, streamMs, arrivalMs }: Arrival): void {
    this.#sink.packet({ ...packet, bootMs: this.#times.rising(packet.track, streamMs, arrivalMs) });
  }

  /** Cameras repeat their parameter sets in every key packet; the first ones are what the recording was begun with. */
  #checkShape(track: VideoTrack, data: Uint8Array): void {
    const shape = pictureShape(track.codec, data);
    if (shape === null) return;
    this.#shape ??= shape;
    if (shape !== this.#shape) {
      throw new RestartAtOnce('camera-offline', 'The camera changed the format of its pictures.', {
        action: 'Nothing to do: it is opened anew at once.',
      });
    }
  }
}
