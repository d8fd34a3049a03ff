import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { concat } from '#device/media/mp4/box.ts';
import { fragment } from '#device/media/mp4/fragment.ts';
import { initSegment } from '#device/media/mp4/init-segment.ts';
import { parameterSets } from '#device/media/mp4/parameter-sets.ts';
import type { Packet, VideoTrack } from '#device/media/packet.ts';
import { type Picture, PictureReader } from './picture-reader.ts';
import { keyDecoderArguments, type PictureSize, pictureFd, pictureTimeFd } from './session-arguments.ts';

export interface KeyDecoderDeps {
  clock: Clock;
  ffmpegPath: string;
}

/** A camera's picture made no wider than `width`, its shape kept; sides are even. */
export function pictureSizeOf(track: VideoTrack, width: number): PictureSize {
  const narrow = Math.min(width, track.width);
  const even = (length: number) => Math.max(2, Math.round(length / 2) * 2);
  return { width: even(narrow), height: even((track.height * narrow) / track.width) };
}

const deadlineMs = 5_000;
/** From one picture's number to the next, in the milliseconds that stand for it. */
const stepMs = 40;

interface Request {
  resolve(picture: Picture | null): void;
  reject(error: Error): void;
}

interface Running {
  child: Child;
  /** Open requests by their number, oldest first. */
  requests: Map<number, Request>;
  sequence: number;
}

/**
 * Decodes the key pictures of many cameras, of one codec and shape, in one child: a decoder of its own costs each camera more memory than all
 * the rest. Every picture is whole by itself and carries its parameter sets, so they do not disturb one another.
 */
export class KeyDecoder {
  readonly #deps: KeyDecoderDeps;
  readonly #size: PictureSize;
  #users = 0;
  #running: Running | null = null;

  constructor(deps: KeyDecoderDeps, size: PictureSize) {
    this.#deps = deps;
    this.#size = size;
  }

  /** Whoever decodes says so, and when it is over: the child lives as long as somebody does. */
  use(): Disposable {
    this.#users += 1;
    return {
      [Symbol.dispose]: () => {
        this.#users -= 1;
        if (this.#users === 0) this.#stop(this.#running, new Error('not needed any more'));
      },
    };
  }

  /**
   * The small grey picture of a key packet; null when another camera's picture took the decoder down with it, or nothing came of this one.
   * Rejects when the decoder ended over this picture or did not answer in time.
   */
  async decode(track: VideoTrack, packet: Packet): Promise<Picture | null> {
    const running = this.#running ?? this.#start(track);
    const number = running.sequence;
    running.sequence += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Picture | null>();
    running.requests.set(number, { resolve, reject });
    running.child.stdin.write(asFragment(track, packet, number));
    const timer = new AbortController();
    this.#deps.clock.sleep(deadlineMs, timer.signal).then(
      () => this.#stop(running, new Error('the decoder did not answer')),
      () => {},
    );
    return promise.finally(() => timer.abort());
  }

  #start(track: VideoTrack): Running {
    const { clock, ffmpegPath } = this.#deps;
    const child = new Child(ffmpegPath, keyDecoderArguments(this.#size), { clock, extraPipes: 3, terminateMs: 500 });
    const running: Running = { child, requests: new Map(), sequence: 0 };
    const reader = new PictureReader((picture, streamMs) => answer(running, Math.round(streamMs / stepMs), picture));
    const guarded = (take: () => void) => {
      try {
        take();
      } catch (error) {
        this.#stop(running, error instanceof Error ? error : new Error(String(error)));
      }
    };
    child.pipe(pictureFd).on('data', (bytes: Buffer) => guarded(() => reader.pushPicture(bytes)));
    child.pipe(pictureTimeFd).on('data', (bytes: Buffer) => guarded(() => reader.pushTimes(bytes.toString('latin1'))));
    child.stdout.resume();
    child.stdin.write(initSegment({ video: { ...track, timescale: 1000 }, audio: null }));
    child.exited.then(
      (exit) => this.#stop(running, exit.error ?? new Error(`the decoder ended: ${child.stderrTail().trim().slice(-200)}`)),
      () => {},
    );
    this.#running = running;
    return running;
  }

  /** The oldest request is the one that was being worked on: it hears the reason, the others go without a picture. */
  #stop(running: Running | null, reason: Error): void {
    if (!running) return;
    if (this.#running === running) this.#running = null;
    const [blamed, ...others] = running.requests.values();
    running.requests.clear();
    blamed?.reject(reason);
    for (const other of others) other.resolve(null);
    void running.child.stop();
  }
}

/** Pictures come in the order in which they were asked for: of what was asked before, nothing will come. */
function answer({ requests }: Running, number: number, picture: Picture): void {
  for (const [asked, request] of requests) {
    if (asked > number) return;
    requests.delete(asked);
    request.resolve(asked === number ? picture : null);
  }
}

function asFragment(track: VideoTrack, packet: Packet, number: number): Uint8Array {
  const data = concat([parameterSets(track.sampleEntry), packet.data]);
  return fragment(number + 1, [{ ...packet, data, dts: number * stepMs, compositionOffset: 0, duration: stepMs }]);
}
