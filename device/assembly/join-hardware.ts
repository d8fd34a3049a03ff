import { url as debuggerUrl } from 'node:inspector';
import type { CameraSet } from '#device/cameras/camera-set.ts';
import type { Thrift } from '#device/cameras/ports.ts';
import { readCardWear, wearCheck } from '#device/hardware/card-wear.ts';
import { Heart } from '#device/hardware/heart.ts';
import { keptText } from '#device/hardware/kept-text.ts';
import { type KernelTree, kernelTree } from '#device/hardware/kernel-tree.ts';
import { LastWords } from '#device/hardware/last-words.ts';
import { PhysicalReset, usualResetFiles } from '#device/hardware/physical-reset.ts';
import { PowerWatch } from '#device/hardware/power-watch.ts';
import { SelfWatch } from '#device/hardware/self-watch.ts';
import { StatusLights } from '#device/hardware/status-lights.ts';
import { StrainWatch } from '#device/hardware/strain-watch.ts';
import { findThrottleReader } from '#device/hardware/throttle.ts';
import { watchdogReboot } from '#device/hardware/watchdog-reboot.ts';
import type { HealthSource } from '#device/health/health.ts';
import type { Machine } from '#device/health/system.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { HardwareJournal } from './hardware-journal.ts';
import { type JoinedPins, joinPins } from './join-pins.ts';
import { keptRunning } from './kept-running.ts';
import type { OwnerStream } from './owner-stream.ts';
import type { Places } from './places.ts';
import type { Rooms } from './rooms.ts';
import { cameraWork, lightState } from './work-view.ts';

const watchdogPath = '/dev/watchdog';
/** A loop that has not turned for this long turns no more. */
const stillMs = 60_000;
/** Longer than closing the recordings of every camera takes. */
const endingMs = 15_000;
const feedMs = 5_000;

interface HardwareOptions {
  clock: Clock;
  logger: Logger;
  rooms: Rooms;
  set: CameraSet;
  spare(thrift: Thrift): void;
  stream: OwnerStream;
  machine: Machine;
  places: Places;
  /** There is nothing else on this machine that its watchdog could interrupt. */
  isAppliance: boolean;
  resetFile: string | undefined;
  /** A release is on its way or waits to be begun. */
  isUpdating(): boolean;
  /** The device's own Wi-Fi is open. */
  isSetupOpen(): boolean;
}

export interface JoinedHardware {
  pins: JoinedPins['pins'];
  health: readonly HealthSource[];
  identify(): void;
  /** It answers requests now. */
  started(): void;
  /** Everything that may fail and be started anew. */
  run(signal: AbortSignal): Promise<void>;
  /** Rejects when the device no longer does its work. */
  beat(signal: AbortSignal): Promise<void>;
  /** What was told is written. Before the journal is closed. */
  settled(): Promise<void>;
  /** The very last thing. */
  close(): Promise<void>;
}

/** The machine with its pins, its lights and its heart, joined to what the rooms know. Obeys a reset file before anything else is done. */
export async function joinHardware(options: HardwareOptions): Promise<JoinedHardware> {
  const { clock, logger, rooms, set, stream, places } = options;
  const tree = kernelTree();
  const journal = new HardwareJournal(rooms.journal, { clock, logger });
  const reset = physicalReset(options, journal);
  await reset.lookForFile();
  const heart = await beginHeart(options, journal, tree);
  const pins = joinPins({
    ...{ clock, logger, rooms, stream, tree, hardwareJournal: journal },
    record: (cameraId, durationMs, happenedBootMs) => set.pipeline(cameraId).recordFor(durationMs, happenedBootMs),
    resetHeld: () => {
      reset.released().catch((error: unknown) => logger.error({ err: error }, 'the reset button was held in vain'));
    },
  });
  let isStarting = true;
  const lights = new StatusLights({
    ...{ clock, logger, tree, memory: keptText(places.lightsFile) },
    isWanted: () => rooms.settings.get().hardware.statusLights,
    state: () => ({
      ...lightState(options),
      booting: isStarting,
      updating: options.isUpdating(),
      setupOpen: options.isSetupOpen(),
    }),
  });
  const power = new PowerWatch({ clock, journal, findReader: () => findThrottleReader(tree, clock) });
  const strain = strainWatch(options, journal);
  const parts = { pins, lights, power, strain };
  return {
    pins: pins.pins,
    health: [
      pins.health,
      { name: 'heart', checks: () => heart.checks() },
      { name: 'power', checks: () => power.checks() },
      { name: 'strain', checks: () => strain.checks() },
      { name: 'wear', checks: async () => (await readCardWear(tree)).map(wearCheck) },
    ],
    identify: () => lights.identify(),
    started: () => {
      isStarting = false;
    },
    run: async (signal) => {
      await Promise.all(Object.entries(parts).map(([name, part]) => keptRunning(name, part, options, signal)));
    },
    beat: (signal) => heart.run(signal),
    settled: () => journal.settled(),
    close: () => heart.close(),
  };
}

async function beginHeart(options: HardwareOptions, journal: HardwareJournal, tree: KernelTree): Promise<Heart> {
  const { clock, logger, rooms, places, isAppliance } = options;
  const words = new LastWords(keptText(places.lastWordsFile), () => rooms.time.wall());
  const bitten = await watchdogReboot(tree, keptText(places.watchdogFile));
  // What the program itself left says more.
  const told = (await words.take()) ?? bitten;
  const { watchdog } = rooms.settings.get().hardware;
  const watch = new SelfWatch({
    devicePath: watchdog === 'on' || (watchdog === 'auto' && isAppliance) ? watchdogPath : null,
    wordsFile: places.lastWordsFile,
    words: words.next(`The program did not move for ${stillMs / 1000} s.`).text,
    everyMs: feedMs,
    limitMs: stillMs,
    endingMs,
  });
  // Who looks at it with a debugger makes it stand still.
  if (debuggerUrl() === undefined) watch.start();
  const heart = new Heart({
    ...{ clock, logger, journal, words, watch },
    cameras: cameraWork(options),
    storageProblem: () => rooms.recordings.problem !== null,
    askStorage: () => rooms.recordings.storage(),
  });
  if (told !== null) heart.tell(told);
  return heart;
}

function physicalReset({ rooms, logger, places, resetFile }: HardwareOptions, journal: HardwareJournal): PhysicalReset {
  return new PhysicalReset({
    journal,
    logger,
    memory: keptText(places.resetFile),
    files: resetFile === undefined ? usualResetFiles : [resetFile],
    access: {
      setPassword: (password) => rooms.access.resetPassword(undefined, password),
      release: () => rooms.access.release(),
    },
  });
}

function strainWatch({ clock, logger, machine, spare }: HardwareOptions, journal: HardwareJournal): StrainWatch {
  return new StrainWatch({
    ...{ clock, logger, journal },
    strain: async () => {
      const { temperatureCelsius: celsius, memory } = await machine.describe();
      return { celsius, availableShare: memory.totalBytes > 0 ? memory.availableBytes / memory.totalBytes : 1 };
    },
    shed: (steps) =>
      spare({
        fewerLooks: steps.includes('fewer-looks'),
        noEventPictures: steps.includes('no-event-pictures'),
        noDecodingBetween: steps.includes('no-decoding-between'),
      }),
  });
}
