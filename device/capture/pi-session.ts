import { writeFile } from 'node:fs/promises';
import type { PiSource } from '#device/contract/contract.ts';
import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import type { CaptureSession, CaptureSink, SessionOptions } from './capture.ts';
import { KeyPictures } from './key-pictures.ts';
import { LightWatch } from './light-watch.ts';
import { openNamedPipes } from './named-pipes.ts';
import { stageDescription, videoArguments } from './pi-arguments.ts';
import type { PiDevice } from './pi-device.ts';
import { PiIntake } from './pi-intake.ts';
import { explainPiTrouble, hangPattern, hungNote, lentNote, sensorHung, sensorLent } from './pi-trouble.ts';
import { PgmReader } from './picture-reader.ts';
import type { DecoderDeps } from './pictures.ts';
import { type Deadlines, watchForSilence } from './watch.ts';

export interface PiSessionDeps {
  clock: Clock;
  pi: PiDevice;
  decoder: DecoderDeps;
  deadlines: Deadlines;
}

const videoPipe = 'video.264';
const metadataPipe = 'metadata.json';
const lumaPipe = 'luma.pgm';
const lastWordsMs = 200;

/** A session that lets rpicam-vid bring the stream of a Pi camera. */
export class PiSession implements CaptureSession {
  readonly #deps: PiSessionDeps;
  readonly #source: PiSource;
  readonly #options: SessionOptions;

  constructor(deps: PiSessionDeps, source: PiSource, options: SessionOptions) {
    this.#deps = deps;
    this.#source = source;
    this.#options = options;
  }

  async run(signal: AbortSignal, sink: CaptureSink): Promise<void> {
    const { pi } = this.#deps;
    const camera = await pi.find(this.#source);
    const lent = Promise.withResolvers<never>();
    lent.promise.catch(() => {});
    const release = await pi
      .turns(camera.id)
      .take(signal, () => {
        pi.lentBootMs.set(camera.id, this.#deps.clock.boot());
        lent.reject(sensorLent());
      })
      .catch(() => null);
    if (!release) return;
    try {
      await this.#film(camera, signal, sink, lent.promise);
    } finally {
      release();
    }
  }

  async #film(camera: { id: string; index: number }, signal: AbortSignal, sink: CaptureSink, lent: Promise<never>): Promise<void> {
    const { clock, pi, deadlines } = this.#deps;
    const { child, pipes, hasStage, isTold, hung } = await this.#start(camera.index);
    const keyPictures =
      hasStage || this.#options.detectionWidth === null ? null : new KeyPictures(this.#deps.decoder, sink, this.#options.detectionWidth);
    const light = new LightWatch((found) => sink.light?.(found));
    const intake = new PiIntake({
      clock,
      framesPerSecond: this.#source.framesPerSecond,
      isTold,
      sink: {
        format: (format) => {
          sink.format(format);
          this.#tell(sink, camera.id);
          keyPictures?.begin(format);
        },
        packet: (packet) => {
          sink.packet(packet);
          keyPictures?.packet(packet);
        },
      },
      facts: (facts) => light.observe(facts, clock.boot()),
    });
    const luma = new PgmReader((picture) => sink.picture({ ...picture, bootMs: clock.boot() }));
    try {
      await Promise.race([
        aborted(signal),
        lent,
        hung.then(() => {
          pi.hangs.set(camera.id, (pi.hangs.get(camera.id) ?? 0) + 1);
          throw sensorHung(intake.lastVideoBootMs !== null);
        }),
        child.exited.then(async ({ code, error }) => {
          // What it said last is still on its way.
          await clock.sleep(lastWordsMs, signal).catch(() => {});
          if (error || code === 127) throw new Failure('unavailable', 'The program for Pi cameras cannot be started.', { cause: error });
          throw explainPiTrouble(child.stderrTail());
        }),
        taken(pipes.reader(videoPipe), (bytes) => intake.pushVideo(bytes)),
        taken(pipes.reader(metadataPipe), (bytes) => intake.pushMetadata(bytes.toString('latin1'))),
        ...(hasStage ? [taken(pipes.reader(lumaPipe), (bytes) => luma.push(bytes))] : []),
        watchForSilence(clock, deadlines, signal, () => intake.lastVideoBootMs),
      ]);
    } finally {
      keyPictures?.end();
      await child.stop();
      await pipes.close();
    }
  }

  async #start(cameraIndex: number) {
    const { clock, pi } = this.#deps;
    const [program, board, libraries] = await Promise.all([pi.program(), pi.board(), pi.stageLibraries()]);
    const pipes = await openNamedPipes(clock, [videoPipe, metadataPipe, lumaPipe]);
    const { detectionWidth } = this.#options;
    const hasStage = libraries !== null && detectionWidth !== null && program.options.has('post-process-libs');
    const configuration = `${pipes.directory}/stage.json`;
    if (hasStage) {
      const description = JSON.stringify(stageDescription(this.#source, detectionWidth, pipes.pathOf(lumaPipe)));
      await writeFile(configuration, description).catch(async (error: unknown) => {
        await pipes.close();
        throw error;
      });
    }
    const isTold = program.options.has('metadata') && (board === 'vc4' || program.tellsOfSoftware);
    const args = videoArguments({
      source: this.#source,
      cameraIndex,
      board,
      knows: (option) => program.options.has(option) && (option !== 'metadata' || isTold),
      outputs: { video: pipes.pathOf(videoPipe), metadata: pipes.pathOf(metadataPipe) },
      stage: hasStage ? { configuration, libraries } : null,
    });
    const hung = Promise.withResolvers<void>();
    const child = new Child(program.path('vid'), args, {
      clock,
      ask: 'x\n',
      askMs: 1_500,
      terminateMs: 1_500,
      onStderr: (tail) => {
        if (hangPattern.test(tail)) hung.resolve();
      },
    });
    child.stdout.resume();
    return { child, pipes, hasStage, isTold, hung: hung.promise };
  }

  /** In the first picture of a session, since its notes begin anew with it. */
  #tell(sink: CaptureSink, cameraId: string): void {
    const { pi, clock } = this.#deps;
    const times = pi.hangs.get(cameraId) ?? 0;
    if (times > 0) sink.note(hungNote(times));
    const lentBootMs = pi.lentBootMs.get(cameraId);
    pi.lentBootMs.delete(cameraId);
    if (lentBootMs !== undefined) sink.note(lentNote((clock.boot() - lentBootMs) / 1000));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Hands over every chunk; never resolves, rejects with what `take` throws. */
function taken(stream: NodeJS.ReadableStream, take: (bytes: Buffer) => void): Promise<never> {
  return new Promise((_, reject) => {
    stream.on('data', (bytes: Buffer) => {
      try {
        take(bytes);
      } catch (error) {
        stream.removeAllListeners('data');
        stream.resume();
        reject(error instanceof RangeError ? nonsense(error) : error);
      }
    });
  });
}

function nonsense(cause: RangeError): Failure {
  return new RestartAtOnce('camera-no-video', 'The Pi camera’s program sent something that is not video.', { cause });
}
