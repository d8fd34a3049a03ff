import type { Clock } from '#device/kernel/clock.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { Mp4Demuxer } from '#device/media/mp4/demuxer.ts';
import type { AudioTrack, Packet, StreamFormat, VideoTrack } from '#device/media/packet.ts';
import type { CaptureSink } from './capture.ts';
import { type Arrival, audioPatienceMs, Delivery, silentSoundNote } from './delivery.ts';
import { outputOffsetSeconds } from './session-arguments.ts';

/** What the packets of an ffmpeg child go through: taken out of its MP4, held until both tracks are known, and delivered. */
export class PacketIntake {
  readonly #sink: CaptureSink;
  readonly #delivery: Delivery;
  readonly #videoDemuxer: Mp4Demuxer;
  readonly #audioDemuxer: Mp4Demuxer;
  #video: VideoTrack | null = null;
  #audio: AudioTrack | null = null;
  #awaitsAudio: boolean;
  #format: StreamFormat | null = null;
  #held: Arrival[] = [];

  constructor(clock: Clock, sink: CaptureSink, withAudio: boolean) {
    this.#sink = sink;
    this.#delivery = new Delivery(clock, sink);
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
    return this.#delivery.lastVideoBootMs;
  }

  /** The format is known and packets were handed over. */
  get hasBegun(): boolean {
    return this.#format !== null;
  }

  /** When that moment of ffmpeg's own time was. */
  bootMs(streamMs: number): number | null {
    return this.#delivery.bootMs(streamMs);
  }

  #videoPacket(packet: Packet): void {
    const track = this.#video;
    if (!track || (this.lastVideoBootMs === null && !packet.key)) return;
    // A frame is written out when the next one comes: its own arrival was a frame earlier.
    const lateMs = (packet.duration * 1000) / track.timescale;
    const atMs = streamMs(packet, track.timescale);
    // It would seem to last until then, and so would its recording. The sound jumps at a moment of its own, so both begin anew.
    if (this.#delivery.isAhead(atMs, lateMs)) {
      throw new RestartAtOnce('camera-offline', 'The camera set its clock.', { action: 'Nothing to do: it is opened anew at once.' });
    }
    this.#take(this.#delivery.video(track, packet, atMs, lateMs));
  }

  #audioPacket(packet: Packet): void {
    const track = this.#audio;
    if (track && this.lastVideoBootMs !== null) this.#take(this.#delivery.audio(packet, streamMs(packet, track.timescale)));
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
    if (isSilent) this.#sink.note(silentSoundNote);
    this.#format = { video: this.#video, audio: this.#audio };
    this.#delivery.begin(this.#format);
    for (const held of this.#held.splice(0)) this.#handOver(this.#format, held);
  }

  /** Sound whose track came too late to be part of the format is left out. */
  #handOver(format: StreamFormat, arrival: Arrival): void {
    if (arrival.packet.track === 'video' || format.audio) this.#delivery.handOver(arrival);
  }
}

/** The packet's place in ffmpeg's own time, which the pictures' times are in too. */
function streamMs(packet: Packet, timescale: number): number {
  return ((packet.dts + packet.compositionOffset) * 1000) / timescale - outputOffsetSeconds * 1000;
}
