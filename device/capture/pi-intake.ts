import type { Clock } from '#device/kernel/clock.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { h264Track } from '#device/media/nal/h264.ts';
import type { TimedPacket, VideoTrack } from '#device/media/packet.ts';
import { type AccessUnit, AnnexBReader } from './annex-b-reader.ts';
import { BootTimes } from './boot-times.ts';
import type { CaptureSink } from './capture.ts';
import { PiMetadataReader, type SensorFacts } from './pi-metadata.ts';

const timescale = 90_000;
const maxWaitingFacts = 240;
/** A sensor time this much older than its picture's arrival belongs to another picture. */
const staleMs = 1_500;

interface PiIntakePorts {
  clock: Pick<Clock, 'boot'>;
  sink: Pick<CaptureSink, 'format' | 'packet'>;
  framesPerSecond: number;
  /** Called for each picture that the sensor told something of. */
  facts(facts: SensorFacts): void;
}

/**
 * Makes packets of a bare H.264 stream. It carries no times: those are the sensor's own, told beside the stream and matched by order, and
 * where they are missing, pictures are counted.
 */
export class PiIntake {
  readonly #ports: PiIntakePorts;
  readonly #frameMs: number;
  readonly #video: AnnexBReader;
  readonly #metadata: PiMetadataReader;
  readonly #times = new BootTimes();
  #sensorTimesMs: number[] = [];
  #track: VideoTrack | null = null;
  #sps = '';
  #firstStreamMs = 0;
  #lastStreamMs: number | null = null;
  #lastVideoBootMs: number | null = null;

  constructor(ports: PiIntakePorts) {
    this.#ports = ports;
    this.#frameMs = 1000 / ports.framesPerSecond;
    this.#video = new AnnexBReader((unit) => this.#unit(unit));
    this.#metadata = new PiMetadataReader((facts) => this.#facts(facts));
  }

  pushVideo(bytes: Uint8Array): void {
    this.#video.push(bytes);
  }

  pushMetadata(text: string): void {
    this.#metadata.push(text);
  }

  /** When the newest picture came in; null before the first. */
  get lastVideoBootMs(): number | null {
    return this.#lastVideoBootMs;
  }

  #facts(facts: SensorFacts): void {
    if (facts.sensorMs !== null && this.#sensorTimesMs.push(facts.sensorMs) > maxWaitingFacts) this.#sensorTimesMs.shift();
    this.#ports.facts(facts);
  }

  #unit(unit: AccessUnit): void {
    const arrivalMs = this.#ports.clock.boot();
    const streamMs = this.#streamMs(arrivalMs);
    const track = this.#trackOf(unit);
    if (!track) return;
    this.#lastVideoBootMs = arrivalMs;
    // A picture is whole when the next one begins: its own arrival was a picture earlier.
    this.#times.observe(streamMs, arrivalMs - this.#frameMs, unit.key);
    const packet: TimedPacket = {
      track: 'video',
      dts: Math.round(((streamMs - this.#firstStreamMs) * timescale) / 1000),
      compositionOffset: 0,
      duration: Math.round((this.#frameMs * timescale) / 1000),
      key: unit.key,
      data: unit.data,
      bootMs: this.#times.rising('video', streamMs, arrivalMs),
    };
    this.#ports.sink.packet(packet);
  }

  /** Rises from picture to picture, whatever the sensor says. */
  #streamMs(arrivalMs: number): number {
    while (this.#sensorTimesMs.length > 1 && arrivalMs - (this.#sensorTimesMs[0] ?? 0) > staleMs) this.#sensorTimesMs.shift();
    const last = this.#lastStreamMs;
    const told = this.#sensorTimesMs.shift();
    const streamMs = last === null ? (told ?? arrivalMs) : Math.max(told ?? last + this.#frameMs, last + 1);
    if (last === null) this.#firstStreamMs = streamMs;
    this.#lastStreamMs = streamMs;
    return streamMs;
  }

  /** null before the first key picture with its parameter sets. */
  #trackOf({ key, sps, pps }: AccessUnit): VideoTrack | null {
    if (!key || !sps || !pps) return this.#track;
    const shape = Buffer.from(sps).toString('hex');
    if (!this.#track) {
      this.#track = h264Track(sps, pps, timescale);
      this.#sps = shape;
      this.#ports.sink.format({ video: this.#track, audio: null });
    } else if (shape !== this.#sps) {
      throw new RestartAtOnce('camera-offline', 'The camera changed the format of its pictures.', {
        action: 'Nothing to do: it is opened anew at once.',
      });
    }
    return this.#track;
  }
}
