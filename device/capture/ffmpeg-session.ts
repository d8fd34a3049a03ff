import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { type CaptureSession, type CaptureSink, ofSubStream, type SessionOptions, wantsSubStream } from './capture.ts';
import { processorSeconds, tellEncodingCost } from './encoding-cost.ts';
import type { InputOpener } from './open-input.ts';
import { PacketIntake } from './packet-intake.ts';
import { PictureIntake } from './picture-intake.ts';
import { runTogether } from './run-together.ts';
import { type AudioMode, audioFd, pictureFd, pictureTimeFd, sessionArguments, subStreamArguments } from './session-arguments.ts';
import { type FfmpegSource, type OpenInput, scriptFd } from './source-input.ts';
import { audioWayOut, explainTrouble } from './trouble.ts';
import { type Deadlines, watchForSilence } from './watch.ts';

export interface SessionDeps {
  clock: Clock;
  logger: Logger;
  ffmpegPath: string;
  inputs: InputOpener;
  /** How the sound of a source can be taken, learnt by earlier sessions and shared by all: it saves a connection that must fail. */
  audioModes: Map<string, AudioMode>;
  deadlines: Deadlines;
}

/** The sound could not be taken this way; `next` is worth a try: at once as long as nothing was handed over, else with a fresh session. */
class AudioTrouble extends Error {
  readonly next: AudioMode;
  readonly late: UnknownSound | null;

  constructor(next: AudioMode, late: UnknownSound | null) {
    super(`sound: ${next}`);
    this.next = next;
    this.late = late;
  }
}

/** What the sound is becomes known when it first comes, which may be long after the first picture. */
class UnknownSound extends RestartAtOnce {}

/** A session that lets one ffmpeg child bring the camera's stream, and another the sub-stream's key pictures when there is one. */
export class FfmpegSession implements CaptureSession {
  readonly #deps: SessionDeps;
  readonly #source: FfmpegSource;
  readonly #options: SessionOptions;

  constructor(deps: SessionDeps, source: FfmpegSource, options: SessionOptions) {
    this.#deps = deps;
    this.#source = source;
    this.#options = options;
  }

  async run(signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const key = 'url' in this.#source ? this.#source.url : this.#source.kind;
    for (;;) {
      const audio = this.#audioMode(key);
      try {
        await this.#attempt(audio, signal, sink);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AudioTrouble)) throw error;
        this.#deps.audioModes.set(key, error.next);
        if (error.late) throw error.late;
        if (audio === 'encode') sink.note('The sound of this camera cannot be taken; pictures are recorded without it.');
      }
    }
  }

  #audioMode(key: string): AudioMode {
    if (!this.#options.audio || this.#source.kind === 'usb') return 'none';
    return this.#deps.audioModes.get(key) ?? (this.#source.kind === 'demo' ? 'encode' : 'copy');
  }

  #attempt(audio: AudioMode, signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const sub = this.#wantsSubStream() ? [(scope: AbortSignal) => this.#subPictures(scope, sink)] : [];
    return runTogether(signal, [(scope) => this.#main(audio, scope, sink), ...sub]);
  }

  async #main(audio: AudioMode, signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const { clock, deadlines } = this.#deps;
    const pictureWidth = this.#wantsSubStream() ? null : this.#options.detectionWidth;
    const opened = await this.#deps.inputs.open(this.#source, 'main');
    const args = sessionArguments({ kind: this.#source.kind, input: opened.input, audio, pictureWidth });
    const child = this.#start(args, opened);
    const intake = new PacketIntake(clock, withNotes(sink, opened.notes ?? []), audio !== 'none');
    if (opened.input.encoding) this.#tellCost(child, sink, signal);
    const pictures = new PictureIntake(clock, sink, (streamMs) => intake.bootMs(streamMs));
    try {
      await this.#firstEnd(signal, child, opened, [
        drain(child.stdout, (bytes) => intake.pushVideo(bytes)),
        drain(child.pipe(audioFd), (bytes) => intake.pushAudio(bytes)),
        this.#drainPictures(child, pictures),
        watchForSilence(clock, deadlines, signal, () => intake.lastVideoBootMs),
      ]);
    } catch (error) {
      const late = intake.hasBegun && error instanceof UnknownSound ? error : null;
      const next = intake.hasBegun && !late ? null : audioWayOut(audio, wordsOf(error));
      throw next === null ? error : new AudioTrouble(next, late);
    } finally {
      await opened.close();
    }
  }

  #tellCost(child: Child, sink: CaptureSink, signal: AbortSignal): void {
    const { clock, logger } = this.#deps;
    if (child.pid === undefined) return;
    tellEncodingCost({ clock, pid: child.pid, seconds: processorSeconds }, (note) => sink.note(note), signal).catch((error: unknown) =>
      logger.warn({ err: error }, 'what encoding costs could not be measured'),
    );
  }

  #wantsSubStream(): boolean {
    return wantsSubStream(this.#source, this.#options);
  }

  async #subPictures(signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const { clock, deadlines } = this.#deps;
    try {
      const opened = await this.#deps.inputs.open(this.#source, 'sub');
      const child = this.#start(subStreamArguments(opened.input, this.#options.detectionWidth ?? 0), opened);
      const pictures = new PictureIntake(clock, sink, null);
      try {
        const patience = { openingMs: deadlines.openingMs + deadlines.keyPictureMs, silenceMs: deadlines.keyPictureMs };
        await this.#firstEnd(signal, child, opened, [
          drain(child.stdout, () => {}),
          this.#drainPictures(child, pictures),
          watchForSilence(clock, patience, signal, () => pictures.lastBootMs),
        ]);
      } finally {
        await opened.close();
      }
    } catch (error) {
      throw signal.aborted ? error : ofSubStream(error);
    }
  }

  #start(args: string[], opened: OpenInput): Child {
    const child = new Child(this.#deps.ffmpegPath, args, {
      clock: this.#deps.clock,
      extraPipes: 4,
      ask: 'q',
      askMs: 300,
      terminateMs: 700,
    });
    child.pipe(scriptFd).end(opened.input.script ?? '');
    return child;
  }

  #drainPictures(child: Child, pictures: PictureIntake): Promise<void> {
    const times = drain(child.pipe(pictureTimeFd), (bytes) => pictures.pushTimes(Buffer.from(bytes).toString('latin1')));
    return Promise.all([drain(child.pipe(pictureFd), (bytes) => pictures.pushPicture(bytes)), times]).then(() => {});
  }

  /** Rejects with the reason why the child or what reads it came to an end; returns only when aborted. The child is gone then. */
  async #firstEnd(signal: AbortSignal, child: Child, opened: OpenInput, readers: Promise<void>[]): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const failed = Promise.all(readers.map((reader) => reader.then(() => new Promise<never>(() => {}))));
    const ended = child.exited.then(async (exit) => {
      if (signal.aborted) return;
      if (exit.error || exit.code === 127)
        throw new Failure('unavailable', 'The video program of this device cannot be started.', { cause: exit.error });
      // What it wrote last is still on its way through the pipes.
      await Promise.allSettled(readers.slice(0, -1));
      throw opened.trouble() ?? explainTrouble(child.stderrTail(), opened.input.secrets);
    });
    try {
      await Promise.race([aborted, failed, ended]);
    } catch (error) {
      if (error instanceof RangeError) throw unreadable(error);
      if (error instanceof Failure && error.kind === 'timeout') throw opened.trouble() ?? error;
      throw error;
    } finally {
      ended.catch(() => {});
      failed.catch(() => {});
      await child.stop();
    }
  }
}

/** What is known of the source before its first picture is told with its format: what was told of an earlier session is void then. */
function withNotes(sink: CaptureSink, notes: readonly string[]): CaptureSink {
  return {
    format: (format) => {
      sink.format(format);
      for (const note of notes) sink.note(note);
    },
    packet: (packet) => sink.packet(packet),
    picture: (picture) => sink.picture(picture),
    note: (note) => sink.note(note),
  };
}

function unreadable(error: RangeError): Failure {
  if (/cannot handle audio/.test(error.message)) {
    const action = 'Nothing to do: it is opened anew, and the sound is converted.';
    return new UnknownSound('camera-unsupported-codec', 'The sound cannot be taken as it is.', { action, cause: error });
  }
  if (/cannot handle video/.test(error.message)) return explainTrouble(error.message, []);
  return new RestartAtOnce('camera-no-video', 'The camera sent something that is not video.', { cause: error });
}

function wordsOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
}

/** Hands over every chunk; resolves at the stream's end, rejects with what `take` throws. */
function drain(stream: NodeJS.ReadableStream, take: (bytes: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.on('data', (bytes: Buffer) => {
      try {
        take(bytes);
      } catch (error) {
        // Whoever sees the rejection ends the child; until then nothing may stand in the pipe.
        stream.removeAllListeners('data');
        stream.resume();
        reject(error);
      }
    });
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}
