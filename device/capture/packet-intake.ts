import type { Clock } from '#device/kernel/clock.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { Mp4Demuxer } from '#device/media/mp4/demuxer.ts';
import type { AudioTrack, Packet, StreamFormat, VideoTrack } from '#device/media/packet.ts';
import { BootTimes } from './boot-times.ts';
import type { CaptureSink } from './capture.ts';
import { pictureShape } from './parameter-sets.ts';
import { outputOffsetSeconds } from './session-arguments.ts';

/** So long video waits for the sound track to say what it is. */
const audioPatienceMs = 1500;

interface Arrival {
  packet: Packet;
  arrivalMs: number;
}

/** What the camera's packets go through: taken apart, checked for a change of format, put on the boot clock, handed over. */
export class PacketIntake {
  readonly #clock: Clock;
  readonly #sink: CaptureSink;
  readonly #videoDemuxer: Mp4Demuxer;
  readonly #audioDemuxer: Mp4Demuxer;
  readonly #times = new BootTimes();
  #video: VideoTrack | null = null;
  #audio: AudioTrack | null = null;
  #awaitsAudio: boolean;
  #format: StreamFormat | null = null;
  #held: Arrival[] = [];
  #shape: string | null = null;
  #lastVideoBootMs: number | null = null;

  constructor(clock: Clock, sink: CaptureSink, withAudio: boolean) {
    this.#clock = clock;
    this.#sink = sink;
    this.#awaitsAudio = withAudio;
    this.#videoDemuxer = new Mp4Demuxer({
      tracks: (video) => {
        this.#video = video;
      },
      packet: (packet) => this.#videoPacket(packet),
    });
    this.#audioDemuxer = new Mp4Demuxer({
      tracks: (_, audio) => {
        this.#audio = audio;
      },
      packet: (packet) => this.#audioPacket(packet),
    });
  }

  pushVideo(bytes: Uint8Array): void {
    this.#videoDemuxer.push(bytes);
  }

  pushAudio(bytes: Uint8Array): void {
    this.#audioDemuxer.push(bytes);
  }

  /** When the newest video packet came in; null before the first. */
  get lastVideoBootMs(): number | null {
    return this.#lastVideoBootMs;
  }

  /** The format is known and packets were handed over. */
  get hasBegun(): boolean {
    return this.#format !== null;
  }

  /** When that moment of ffmpeg's own time was. */
  bootMs(streamMs: number): number | null {
    return this.#times.bootMs(streamMs);
  }

  #videoPacket(packet: Packet): void {
    const track = this.#video;
    if (!track || (this.#lastVideoBootMs === null && !packet.key)) return;
    if (packet.key) this.#checkShape(track, packet.data);
    const arrivalMs = this.#clock.boot();
    this.#lastVideoBootMs = arrivalMs;
    // A frame is written out when the next one comes: its own arrival was a frame earlier.
    this.#times.observe(streamMs(packet, track.timescale), arrivalMs - (packet.duration * 1000) / track.timescale, packet.key);
    this.#take({ packet, arrivalMs });
  }

  #audioPacket(packet: Packet): void {
    if (this.#lastVideoBootMs !== null) this.#take({ packet, arrivalMs: this.#clock.boot() });
  }

  #take(arrival: Arrival): void {
    if (this.#format) {
      this.#handOver(this.#format, arrival);
      return;
    }
    this.#held.push(arrival);
    const waitedMs = arrival.arrivalMs - (this.#held[0]?.arrivalMs ?? 0);
    const isSilent = this.#audio === null && this.#awaitsAudio;
    if (!this.#video || (isSilent && waitedMs < audioPatienceMs)) return;
    if (isSilent) this.#sink.note('The camera announces sound but sends none.');
    this.#format = { video: this.#video, audio: this.#audio };
    this.#sink.format(this.#format);
    for (const held of this.#held.splice(0)) this.#handOver(this.#format, held);
  }

  #handOver(format: StreamFormat, { packet, arrivalMs }: Arrival): void {
    const track = packet.track === 'video' ? format.video : format.audio;
    if (track) this.#sink.packet({ ...packet, bootMs: this.#times.rising(packet.track, streamMs(packet, track.timescale), arrivalMs) });
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

/** The packet's place in ffmpeg's own time, which the pictures' times are in too. */
function streamMs(packet: Packet, timescale: number): number {
  return ((packet.dts + packet.compositionOffset) * 1000) / timescale - outputOffsetSeconds * 1000;
}
