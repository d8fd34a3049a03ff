import type { CameraSource, RtspSource } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { VideoTrack } from '#device/media/packet.ts';
import { type CaptureSession, type CaptureSink, ofSubStream, type SessionOptions, wantsSubStream } from '../capture.ts';
import type { Arrival } from '../delivery.ts';
import type { KeyDecoder } from '../key-decoder.ts';
import { runTogether } from '../run-together.ts';
import { rtspAddress } from '../source-input.ts';
import { explainTrouble } from '../trouble.ts';
import { type Deadlines, watchForSilence } from '../watch.ts';
import { aacFormatOf } from './aac-depacketizer.ts';
import { NotForDirect } from './not-for-direct.ts';
import { nalCodecOf, RtpIntake } from './rtp-intake.ts';
import { playRtsp } from './rtsp-stream.ts';
import type { MediaDescription } from './session-description.ts';

export interface DirectDeps {
  clock: Clock;
  deadlines: Deadlines;
  /** Shared by all cameras whose pictures are alike. */
  decoder(track: VideoTrack, width: number): KeyDecoder;
}

/** A decoder that fails on a camera's pictures so often in a row is not for it. */
const decoderPatience = 3;

/** What this kind of session may be tried with. */
export function mayBeDirect(source: CameraSource): source is RtspSource {
  return (
    source.kind === 'rtsp' &&
    source.transport === 'tcp' &&
    [source.url, source.subUrl].every((url) => url === undefined || /^rtsp:/i.test(url))
  );
}

/**
 * A session without a child: the camera's packets are taken off its connection by this very process, and only key pictures go to a decoder,
 * which all cameras share. For H.264 and H.265 over TCP, with AAC or no sound; throws `NotForDirect` for anything else.
 */
export class DirectSession implements CaptureSession {
  readonly #deps: DirectDeps;
  readonly #source: RtspSource;
  readonly #options: SessionOptions;

  constructor(deps: DirectDeps, source: RtspSource, options: SessionOptions) {
    this.#deps = deps;
    this.#source = source;
    this.#options = options;
  }

  async run(signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const { detectionWidth } = this.#options;
    const hasSub = wantsSubStream(this.#source, this.#options);
    const main = (scope: AbortSignal) => this.#stream('main', this.#options.audio, hasSub ? null : detectionWidth, scope, sink);
    const sub = async (scope: AbortSignal) => {
      try {
        await this.#stream('sub', false, detectionWidth, scope, picturesOnly(sink));
      } catch (error) {
        throw scope.aborted ? error : ofSubStream(error);
      }
    };
    await runTogether(signal, hasSub ? [main, sub] : [main]);
  }

  async #stream(which: 'main' | 'sub', audio: boolean, width: number | null, signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const { clock, deadlines } = this.#deps;
    const received: { intake: RtpIntake | null; hasPackets: boolean } = { intake: null, hasPackets: false };
    const pictures = width === null ? null : new KeyPictures(this.#deps, width, signal, sink);
    try {
      await runTogether(signal, [
        (scope) =>
          playRtsp(
            {
              clock,
              address: rtspAddress(this.#source, which),
              choose: (media) => {
                const chosen = choose(media, audio);
                received.intake = new RtpIntake(clock, sink, chosen, (track, arrival) => pictures?.key(track, arrival));
                return chosen;
              },
              onPacket: (index, bytes, start, end) => {
                received.hasPackets = true;
                received.intake?.push(index, bytes, start, end);
              },
            },
            scope,
          ),
        (scope) => watchForSilence(clock, deadlines, scope, () => received.intake?.lastVideoBootMs ?? null),
        ...(pictures ? [(scope: AbortSignal) => pictures.run(scope)] : []),
      ]);
    } catch (error) {
      const isMute =
        error instanceof Failure && error.kind === 'timeout' && received.hasPackets && received.intake?.lastVideoBootMs === null;
      throw isMute ? new NotForDirect('packets that make no picture', { cause: error }) : error;
    } finally {
      pictures?.close();
    }
  }
}

function picturesOnly(sink: CaptureSink): CaptureSink {
  return { format: () => {}, packet: () => {}, picture: (picture) => sink.picture(picture), note: (note) => sink.note(note) };
}

function choose(media: readonly MediaDescription[], audio: boolean): MediaDescription[] {
  const video = media.find(({ kind }) => kind === 'video');
  if (!video) throw explainTrouble('no video', []);
  if (!nalCodecOf(video)) throw new NotForDirect(`video of the kind ${video.encoding}`);
  const sound = audio ? media.find(({ kind }) => kind === 'audio') : undefined;
  if (!sound) return [video];
  if (!aacFormatOf(sound)) throw new NotForDirect(`sound of the kind ${sound.encoding}`);
  return [video, sound];
}

/** The key pictures of one stream on their way through the decoder; while one is on its way, others are left out. */
class KeyPictures {
  readonly #deps: DirectDeps;
  readonly #width: number;
  readonly #signal: AbortSignal;
  readonly #sink: CaptureSink;
  readonly #failed = Promise.withResolvers<never>();
  #decoder: KeyDecoder | null = null;
  #use: Disposable | null = null;
  #isBusy = false;
  #failures = 0;

  constructor(deps: DirectDeps, width: number, signal: AbortSignal, sink: CaptureSink) {
    this.#deps = deps;
    this.#width = width;
    this.#signal = signal;
    this.#sink = sink;
    this.#failed.promise.catch(() => {});
  }

  /** Rejects when the decoder cannot cope with this camera's pictures; returns when aborted. */
  run(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return Promise.race([aborted, this.#failed.promise]);
  }

  key(track: VideoTrack, arrival: Arrival): void {
    if (this.#isBusy || this.#signal.aborted) return;
    this.#isBusy = true;
    void this.#decode(track, arrival).finally(() => {
      this.#isBusy = false;
    });
  }

  close(): void {
    this.#use?.[Symbol.dispose]();
    this.#use = null;
  }

  async #decode(track: VideoTrack, { packet, arrivalMs }: Arrival): Promise<void> {
    if (!this.#decoder) {
      this.#decoder = this.#deps.decoder(track, this.#width);
      this.#use = this.#decoder.use();
    }
    try {
      const picture = await this.#decoder.decode(track, packet);
      this.#failures = 0;
      if (picture && !this.#signal.aborted) this.#sink.picture({ ...picture, bootMs: arrivalMs });
    } catch (cause) {
      this.#failures += 1;
      if (this.#failures >= decoderPatience) this.#failed.reject(new NotForDirect('pictures that cannot be decoded', { cause }));
    }
  }
}
