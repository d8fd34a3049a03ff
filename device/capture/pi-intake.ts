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
/** The sensor's word follows right behind each picture; after so many without it there is none to wait for. */
const maxWaitingUnits = 10;

interface PiIntakePorts {
  clock: Pick<Clock, 'boot'>;
  sink: Pick<CaptureSink, 'format' | 'packet'>;
  framesPerSecond: number;
  /** Whether the sensor tells of each picture. */
  isTold: boolean;
  /** Called for each picture that the sensor told something of. */
  facts(facts: SensorFacts): void;
}

/**
 * Makes packets of a bare H.264 stream. It carries no times: those are the sensor's own, told beside the stream and matched by order. Where
 * they are missing, pictures are counted.
 */
export class PiIntake {
  readonly #ports: PiIntakePorts;
  readonly #frameMs: number;
  readonly #video: AnnexBReader;
  readonly #metadata: PiMetadataReader;
  readonly #times = new BootTimes();
  #sensorTimesMs: number[] = [];
  #isTold: boolean;
  #waiting: { unit: AccessUnit; arrivalMs: number }[] = [];
  /** Pictures that went on before they were told of. */
  #untold = 0;
  #track: VideoTrack | null = null;
  #sps = '';
  #firstStreamMs = 0;
  #lastStreamMs: number | null = null;
  #lastVideoBootMs: number | null = null;

  constructor(ports: PiIntakePorts) {
    this.#ports = ports;
    this.#isTold = ports.isTold;
    this.#frameMs = 1000 / ports.framesPerSecond;
    this.#video = new AnnexBReader((unit) => this.#take(unit));
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
    this.#ports.facts(facts);
    if (facts.sensorMs === null) return;
    if (this.#untold > 0) this.#untold -= 1;
    else if (this.#sensorTimesMs.push(facts.sensorMs) > maxWaitingFacts) throw new RangeError('times without pictures');
    this.#handOver();
  }

  #take(unit: AccessUnit): void {
    const arrivalMs = this.#ports.clock.boot();
    if (this.#track || unit.key) this.#lastVideoBootMs = arrivalMs;
    this.#waiting.push({ unit, arrivalMs });
    if (this.#waiting.length > maxWaitingUnits) this.#isTold = false;
    this.#handOver();
  }

  #handOver(): void {
    while (this.#waiting.length > 0 && (this.#sensorTimesMs.length > 0 || !this.#isTold)) {
      const next = this.#waiting.shift();
      if (next) this.#unit(next.unit, next.arrivalMs);
    }
  }

  #unit(unit: AccessUnit, arrivalMs: number): void {
    const streamMs = this.#streamMs(arrivalMs);
    const track = this.#trackOf(unit);
    if (!track) return;
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
    const last = this.#lastStreamMs;
    const told = this.#sensorTimesMs.shift();
    if (told === undefined) this.#untold += 1;
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
