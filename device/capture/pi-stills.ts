import { type IRaspistillExecutor, Raspistill, RaspistillInterruptError } from 'node-raspistill';
import type { CameraSource, PiSource } from '#device/contract/contract.ts';
import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { concat } from '#device/media/mp4/box.ts';
import { stillArguments } from './pi-arguments.ts';
import type { PiCamera } from './pi-camera-list.ts';
import type { PiDevice } from './pi-device.ts';
import { explainPiTrouble } from './pi-trouble.ts';

export interface PiStillsDeps {
  clock: Clock;
  pi: PiDevice;
  /** Our own program of that name, in front of rpicam-still; looked up by the system when absent. */
  raspistillPath?: string;
  /** From the moment the sensor is free. */
  deadlineMs?: number;
}

/** So long the sensor looks before the picture is taken: exposure and white balance need it to settle. */
const settleMs = 1_500;
const jpegQuality = 93;
/** A JPEG of the largest sensor there is has 30 MB. */
const maxPictureBytes = 64 * 1024 * 1024;
const missingProgram = 127;

/** Still pictures as large as the sensor, by node-raspistill. */
export class PiStills {
  readonly #deps: PiStillsDeps;
  /** Those being taken: whoever asks meanwhile gets the same one, since each stops the video. */
  readonly #taking = new Map<string, Promise<Uint8Array>>();

  constructor(deps: PiStillsDeps) {
    this.#deps = deps;
  }

  async take(source: CameraSource): Promise<Uint8Array> {
    if (source.kind !== 'pi') {
      throw new Failure('conflict', 'Only a Raspberry Pi camera takes still pictures of its own.', {
        action: 'Use the newest picture of its video instead: snapshot.jpg.',
      });
    }
    const camera = await this.#deps.pi.find(source);
    const running = this.#taking.get(camera.id);
    if (running) return running;
    const taking = this.#takeTurn(source, camera).finally(() => this.#taking.delete(camera.id));
    this.#taking.set(camera.id, taking);
    return taking;
  }

  async #takeTurn(source: PiSource, camera: PiCamera): Promise<Uint8Array> {
    const giveBack = await this.#deps.pi.turns(camera.id).take(new AbortController().signal);
    try {
      return await this.#take(source, camera);
    } finally {
      giveBack();
    }
  }

  async #take(source: PiSource, camera: PiCamera): Promise<Uint8Array> {
    const { clock, pi, raspistillPath = 'raspistill', deadlineMs = 20_000 } = this.#deps;
    const own = ['-cs', String(camera.index), '--', ...stillArguments(source, await pi.board())];
    const executor = new RaspistillProgram(clock, raspistillPath, own);
    const options = {
      noFileSave: true,
      encoding: 'jpg',
      width: camera.width,
      height: camera.height,
      time: settleMs,
      quality: jpegQuality,
    } as const;
    // The watcher is for pictures that come as files: of those, none is ever asked for.
    const raspistill = new Raspistill(options, undefined, executor);
    const timer = new AbortController();
    let late = false;
    clock.sleep(deadlineMs, timer.signal).then(
      () => {
        late = true;
        raspistill.stop();
      },
      () => {},
    );
    try {
      return wholeJpeg(await raspistill.takePhoto());
    } catch (error) {
      if (late) throw tooLate(deadlineMs);
      throw error instanceof Failure ? error : explainPiTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      timer.abort();
      await executor.settled();
    }
  }
}

/**
 * Starts the program for node-raspistill. The one it brings along never settles when the program is missing, takes what had come until the
 * exit for the whole picture, and lets the program outlive us.
 */
class RaspistillProgram implements IRaspistillExecutor {
  readonly #clock: Clock;
  readonly #path: string;
  /** What node-raspistill has no words for. */
  readonly #furtherArguments: readonly string[];
  #child: Child | null = null;
  #isStopped = false;

  constructor(clock: Clock, path: string, furtherArguments: readonly string[]) {
    this.#clock = clock;
    this.#path = path;
    this.#furtherArguments = furtherArguments;
  }

  async spawnAndGetImage(args: string[]): Promise<Buffer> {
    const child = new Child(this.#path, [...args, ...this.#furtherArguments], { clock: this.#clock });
    this.#child = child;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of child.stdout) {
      size += chunk.length;
      if (size <= maxPictureBytes) chunks.push(chunk);
    }
    const exit = await child.exited;
    if (this.#isStopped) throw new RaspistillInterruptError();
    if (exit.error || exit.code === missingProgram) {
      throw new Failure('unavailable', 'This device has no program for still pictures.', {
        cause: exit.error ?? new Error(child.stderrTail()),
      });
    }
    if (exit.code !== 0) throw new Error(child.stderrTail() || `ended with ${exit.code ?? exit.signal}`);
    return Buffer.from(concat(chunks));
  }

  killProcess(): void {
    this.#isStopped = true;
    void this.#child?.stop();
  }

  /** Resolves when the program is gone. */
  async settled(): Promise<void> {
    await this.#child?.stop();
  }

  exec(): Promise<never> {
    return Promise.reject(new Error('pictures are never written to files'));
  }

  spawnAndGetImages(): Promise<never> {
    return Promise.reject(new Error('pictures are taken one by one'));
  }
}

/** An exit status of 0 is no proof: what is not whole is not shown. */
function wholeJpeg(bytes: Uint8Array): Uint8Array {
  const [first, second] = bytes;
  const isWhole = first === 0xff && second === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;
  if (isWhole) return new Uint8Array(bytes);
  throw new Failure('unavailable', 'The picture that came from the camera is not whole.', { action: 'Take it again.' });
}

function tooLate(deadlineMs: number): Failure {
  return new Failure('timeout', `The Pi camera took no picture within ${Math.round(deadlineMs / 1000)} seconds.`, {
    action: 'Take it again; check the ribbon cable if it keeps happening.',
  });
}
