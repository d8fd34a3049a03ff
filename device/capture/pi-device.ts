import { readFile, stat } from 'node:fs/promises';
import type { PiSource } from '#device/contract/contract.ts';
import { Child, type ChildExit } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { PiBoard } from './pi-arguments.ts';
import { type PiCamera, readCameraList } from './pi-camera-list.ts';
import { SensorTurns } from './sensor-turns.ts';

const answerDeadlineMs = 15_000;
const maxAnswerLength = 1024 * 1024;
const missingProgram = 127;

/** Of which image processors a Pi's device tree speaks, newest first. */
const boards: [RegExp, PiBoard][] = [
  [/brcm,bcm2712/, 'pisp'],
  [/brcm,bcm2(?:835|836|837|711)/, 'vc4'],
];

export interface PiDeviceDeps {
  clock: Clock;
  /** Where the programs lie; looked up by the system when absent. */
  programFolder?: string;
  /** Where the device tree tells which Pi this is. */
  compatibleFile?: string;
  /** Where the image keeps the library of the stage that hands out small pictures. */
  stageLibraries?: string;
}

export interface FoundProgram {
  /** Of its kind: `rpicam-…` of today, `libcamera-…` before 2024. */
  path(kind: 'hello' | 'vid'): string;
  options: ReadonlySet<string>;
  /** Tells of each picture also when it is encoded in software: since 1.8. Earlier ones gather it all in memory instead. */
  tellsOfSoftware: boolean;
}

/** What does not change while the device runs, asked once: which Pi, which programs, which cameras; and whose turn each sensor is. */
export class PiDevice {
  readonly #deps: PiDeviceDeps;
  readonly #turns = new Map<string, SensorTurns>();
  #program: Promise<FoundProgram> | null = null;
  #cameras: PiCamera[] = [];
  /** When a sensor was taken from its video for a still picture; forgotten as soon as the owner was told. Boot-clock milliseconds. */
  readonly lentBootMs = new Map<string, number>();
  /** How often each sensor had to be started anew since the device started. */
  readonly hangs = new Map<string, number>();

  constructor(deps: PiDeviceDeps) {
    this.#deps = deps;
  }

  turns(cameraId: string): SensorTurns {
    const turns = this.#turns.get(cameraId) ?? new SensorTurns();
    this.#turns.set(cameraId, turns);
    return turns;
  }

  async board(): Promise<PiBoard> {
    const compatible = await readFile(this.#deps.compatibleFile ?? '/proc/device-tree/compatible', 'latin1').catch(() => '');
    return boards.find(([pattern]) => pattern.test(compatible))?.[1] ?? 'unknown';
  }

  /** The folder with the stage's library; null where the image has none. */
  async stageLibraries(): Promise<string | null> {
    const folder = this.#deps.stageLibraries ?? '/usr/lib/kerberos/rpicam-stages';
    return stat(`${folder}/kerberos-luma.so`).then(
      () => folder,
      () => null,
    );
  }

  /** Throws a Failure when this device has no program for Pi cameras. */
  program(): Promise<FoundProgram> {
    this.#program ??= this.#findProgram().catch((error: unknown) => {
      this.#program = null;
      throw error;
    });
    return this.#program;
  }

  /** A camera cannot be plugged in while the Pi runs; a list that lacks the one asked for is made anew all the same. */
  async find(source: PiSource): Promise<PiCamera> {
    const known = this.#cameras.find((camera) => source.camera === undefined || camera.id === source.camera);
    if (known) return known;
    await this.#list();
    const found = this.#cameras.find((camera) => source.camera === undefined || camera.id === source.camera);
    if (found) return found;
    throw noCamera(this.#cameras);
  }

  /** For looking around: that this is no Pi is no failure then. */
  async found(): Promise<PiCamera[]> {
    try {
      return this.#cameras.length > 0 ? this.#cameras : await this.#list();
    } catch (error) {
      if (error instanceof Failure && error.kind === 'unavailable') return [];
      throw error;
    }
  }

  async #list(): Promise<PiCamera[]> {
    const program = await this.program();
    this.#cameras = readCameraList(await this.#ask(program.path('hello'), ['--list-cameras']));
    return this.#cameras;
  }

  async #findProgram(): Promise<FoundProgram> {
    const folder = this.#deps.programFolder === undefined ? '' : `${this.#deps.programFolder}/`;
    for (const family of ['rpicam', 'libcamera']) {
      const path = (kind: string): string => `${folder}${family}-${kind}`;
      const help = await this.#ask(path('vid'), ['--help']).catch((error: unknown) => {
        if (error instanceof Failure && error.kind === 'unavailable') return null;
        throw error;
      });
      if (help === null) continue;
      const options = new Set([...help.matchAll(/--([a-z][a-z0-9-]+)/g)].map(([, name = '']) => name));
      const [, major = 0, minor = 0] = /build: v?(\d+)\.(\d+)/.exec(await this.#ask(path('vid'), ['--version'])) ?? [];
      return { path, options, tellsOfSoftware: Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 8) };
    }
    throw new Failure('unavailable', 'This device has no program for Raspberry Pi cameras.', {
      action: 'A Pi camera works on a Raspberry Pi with the image of Kerberos Edge, or with the package rpicam-apps.',
    });
  }

  async #ask(program: string, args: string[]): Promise<string> {
    const child = new Child(program, args, { clock: this.#deps.clock });
    const timer = new AbortController();
    let late = false;
    this.#deps.clock.sleep(answerDeadlineMs, timer.signal).then(
      () => {
        late = true;
        void child.stop();
      },
      () => {},
    );
    try {
      let answer = '';
      for await (const chunk of child.stdout) if (answer.length < maxAnswerLength) answer += String(chunk);
      const exit: ChildExit = await child.exited;
      if (exit.error || exit.code === missingProgram) throw new Failure('unavailable', `${program} is not on this device.`);
      if (late) throw new Failure('timeout', `${program} did not answer within ${answerDeadlineMs / 1000} seconds.`);
      return answer;
    } finally {
      timer.abort();
      await child.stop();
    }
  }
}

function noCamera(others: readonly PiCamera[]): Failure {
  if (others.length > 0) {
    return new Failure('camera-unreachable', 'The Pi camera of this name is not connected.', {
      action: `Connected: ${others.map(({ model, id }) => `${model} (${id})`).join(', ')}.`,
    });
  }
  return new Failure('camera-unreachable', 'No Pi camera is connected.', {
    action:
      'Switch the Pi off and check both ends of the ribbon cable; switch camera_auto_detect on, or name the sensor’s overlay in config.txt.',
  });
}
