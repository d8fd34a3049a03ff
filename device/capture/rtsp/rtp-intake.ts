import type { Clock } from '#device/kernel/clock.ts';
import { aacFrameSamples, aacTrack } from '#device/media/mp4/audio-entry.ts';
import { h264Track, h264Types } from '#device/media/nal/h264.ts';
import { h265Track, h265Types } from '#device/media/nal/h265.ts';
import type { AudioTrack, VideoTrack } from '#device/media/packet.ts';
import type { CaptureSink } from '../capture.ts';
import { type Arrival, audioPatienceMs, Delivery, silentSoundNote } from '../delivery.ts';
import { type AacFormat, aacFormatOf, aacFrames } from './aac-depacketizer.ts';
import { type AccessUnit, AccessUnits } from './access-units.ts';
import { AudioTimes } from './audio-times.ts';
import type { NalCodec } from './nal-depacketizer.ts';
import { NotForDirect } from './not-for-direct.ts';
import { emptyRtpPacket, readRtp, TimestampClock } from './rtp.ts';
import type { MediaDescription } from './session-description.ts';

/** Enough to see whether pictures come in the order in which they are shown. */
const picturesBeforeBegin = 3;
/** Until two pictures have told. */
const assumedFramesPerSecond = 25;

/** Ticks a second, whatever the camera: RFC 6184, 8.2.1 and RFC 7798, 7.1. */
const videoClockRateHz = 90_000;

/** null for what this device does not take apart. */
export function nalCodecOf({ encoding, clockRateHz }: MediaDescription): NalCodec | null {
  if (clockRateHz !== videoClockRateHz) return null;
  return encoding === 'H264' ? 'h264' : encoding === 'H265' ? 'h265' : null;
}

interface Sound {
  format: AacFormat;
  track: AudioTrack;
  clock: TimestampClock;
  times: AudioTimes;
  payloadType: number;
}

/** Makes packets of what the direct session receives, and delivers them. */
export class RtpIntake {
  readonly #clock: Clock;
  readonly #sink: CaptureSink;
  readonly #delivery: Delivery;
  readonly #video: MediaDescription;
  readonly #codec: NalCodec;
  readonly #units: AccessUnits;
  readonly #sound: Sound | null;
  readonly #onKeyPicture: (track: VideoTrack, arrival: Arrival) => void;
  readonly #packet = emptyRtpPacket();
  #track: VideoTrack | null = null;
  #lastDts: number | null = null;
  #shiftTicks = 0;
  #duration: number;
  #held: Arrival[] | null = [];
  #hasSound = false;

  /** `media`: video, and AAC when there shall be sound. Throws `NotForDirect` for other kinds. */
  constructor(
    clock: Clock,
    sink: CaptureSink,
    media: readonly MediaDescription[],
    onKeyPicture: (track: VideoTrack, arrival: Arrival) => void,
  ) {
    const [video, audio] = media;
    const codec = video ? nalCodecOf(video) : null;
    if (!video || !codec || hasDecodingOrder(video)) throw new NotForDirect('video of another kind');
    this.#clock = clock;
    this.#sink = sink;
    this.#delivery = new Delivery(clock, sink);
    this.#video = video;
    this.#codec = codec;
    this.#units = new AccessUnits(codec, (unit) => this.#picture(unit));
    this.#sound = audio ? soundOf(audio) : null;
    this.#onKeyPicture = onKeyPicture;
    this.#duration = Math.round(video.clockRateHz / assumedFramesPerSecond);
  }

  get lastVideoBootMs(): number | null {
    return this.#delivery.lastVideoBootMs;
  }

  bootMs(streamMs: number): number | null {
    return this.#delivery.bootMs(streamMs);
  }

  /** An RTP packet of the media with that index, in `bytes` from `start` to `end`. What is none is left aside. */
  push(index: number, bytes: Buffer, start: number, end: number): void {
    const packet = this.#packet;
    if (!readRtp(bytes, start, end, packet)) return;
    if (index === 0 && packet.payloadType === this.#video.payloadType) this.#units.push(bytes, packet);
    else if (index === 1 && this.#sound?.payloadType === packet.payloadType)
      this.#frames(this.#sound, bytes.subarray(packet.start, packet.end));
  }

  #picture(unit: AccessUnit): void {
    if (!this.#track) {
      if (!unit.key) return;
      this.#track = this.#trackOf(unit);
    }
    const track = this.#track;
    const dts = this.#rising(unit, track.timescale);
    const packet = { track: 'video', dts, compositionOffset: 0, duration: this.#duration, key: unit.key, data: unit.data } as const;
    const arrival = this.#delivery.video(track, packet, (dts * 1000) / track.timescale, 0);
    this.#sound?.times.video(arrival.streamMs, arrival.arrivalMs, unit.key);
    this.#take(track, arrival);
    if (unit.key) this.#onKeyPicture(track, arrival);
  }

  /** The picture's time, after that of the one before. */
  #rising({ ticks, key }: AccessUnit, timescale: number): number {
    const last = this.#lastDts;
    let dts = ticks + this.#shiftTicks;
    if (last !== null && dts <= last && !key) throw new NotForDirect('pictures that come in another order than they are shown');
    // No key picture is shown before one that came earlier, and none comes before it is made: the camera began its stream anew, as some
    // do for each new viewer, or set its clock.
    if (last !== null && (dts <= last || this.#delivery.isAhead((dts * 1000) / timescale, 0))) {
      dts = last + this.#duration;
      this.#shiftTicks = dts - ticks;
    } else if (last !== null) {
      this.#duration = dts - last;
    }
    this.#lastDts = dts;
    return dts;
  }

  #frames(sound: Sound, payload: Uint8Array): void {
    const ticks = sound.clock.ticks(this.#packet.timestamp);
    for (const [index, data] of aacFrames(sound.format, payload).entries()) {
      const dts = sound.times.audio(ticks + index * aacFrameSamples, this.#clock.boot());
      if (dts === null || !this.#track) continue;
      const frame = { track: 'audio', dts, compositionOffset: 0, duration: aacFrameSamples, key: true, data } as const;
      this.#take(this.#track, this.#delivery.audio(frame, (dts * 1000) / sound.track.timescale));
    }
  }

  #take(video: VideoTrack, arrival: Arrival): void {
    if (!this.#held) {
      if (arrival.packet.track === 'video' || this.#hasSound) this.#delivery.handOver(arrival);
      return;
    }
    this.#held.push(arrival);
    const pictures = this.#held.filter(({ packet }) => packet.track === 'video').length;
    const isHeard = this.#held.length > pictures;
    const waitedMs = arrival.arrivalMs - (this.#held[0]?.arrivalMs ?? 0);
    if (pictures >= picturesBeforeBegin && (!this.#sound || isHeard || waitedMs >= audioPatienceMs))
      this.#begin(video, this.#held, isHeard);
  }

  /** A track that stays silent would hold up every player. */
  #begin(video: VideoTrack, held: readonly Arrival[], isHeard: boolean): void {
    if (this.#sound && !isHeard) this.#sink.note(silentSoundNote);
    this.#hasSound = isHeard;
    this.#held = null;
    this.#delivery.begin({ video, audio: (isHeard && this.#sound?.track) || null });
    for (const one of held) this.#delivery.handOver(one);
  }

  /** Of the parameter sets in the stream, or those that were announced. */
  #trackOf({ parameterSets }: AccessUnit): VideoTrack {
    const { parameters, clockRateHz } = this.#video;
    const announced = announcedSets(parameters.get('sprop-parameter-sets'));
    const set = (type: number, otherwise: Uint8Array | undefined): Uint8Array => {
      const found = parameterSets.get(type) ?? otherwise;
      if (!found) throw new NotForDirect('video without parameter sets');
      return found;
    };
    try {
      if (this.#codec === 'h264') return h264Track(set(h264Types.sps, announced[0]), set(h264Types.pps, announced[1]), clockRateHz);
      const [vps, sps, pps] = ['sprop-vps', 'sprop-sps', 'sprop-pps'].map((name) => announcedSets(parameters.get(name))[0]);
      return h265Track(set(h265Types.vps, vps), set(h265Types.sps, sps), set(h265Types.pps, pps), clockRateHz);
    } catch (error) {
      if (error instanceof RangeError) throw new NotForDirect('parameter sets that make no sense', { cause: error });
      throw error;
    }
  }
}

/** RFC 7798, 4.4: every payload then carries a number that this device does not look for. */
function hasDecodingOrder({ parameters }: MediaDescription): boolean {
  return ['sprop-max-don-diff', 'sprop-depack-buf-nalus'].some((name) => Number(parameters.get(name) ?? 0) > 0);
}

function soundOf(media: MediaDescription): Sound {
  const format = aacFormatOf(media);
  const track = format && aacTrack(format.config);
  if (!track || track.timescale !== media.clockRateHz) throw new NotForDirect('sound of another kind');
  return { format, track, clock: new TimestampClock(), times: new AudioTimes(track.timescale), payloadType: media.payloadType };
}

function announcedSets(text: string | undefined): Uint8Array[] {
  return text === undefined ? [] : text.split(',').map((one) => Uint8Array.from(Buffer.from(one, 'base64')));
}
