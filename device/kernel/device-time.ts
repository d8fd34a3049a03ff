import { readFile } from 'node:fs/promises';
import type { ClockTrust } from '#device/contract/contract.ts';
import { writeFileAtomically } from './atomic-file.ts';
import type { Clock } from './clock.ts';
import { Emitter, type Listener } from './emitter.ts';
import type { Logger } from './logger.ts';
import type { TimeReaders } from './time-readers.ts';

const pollIntervalMs = 1000;
const stepThresholdMs = 1000;
const persistIntervalMs = 3_600_000;

export interface ClockStep {
  /** Wall minus boot clock before and after, milliseconds. */
  oldOffsetMs: number;
  newOffsetMs: number;
  trust: ClockTrust;
}

/** The device's own time: the boot clock, and the best that is known of the wall clock on top of it. */
export interface DeviceTime {
  /** Names this boot of the machine. */
  readonly bootId: string;
  /** Wall-clock milliseconds of a boot-clock time. Never before the floor while the clock is not set; smooth between steps. */
  wallOf(bootMs: number): number;
  wall(): number;
  trust(): ClockTrust;
  /** Hears each jump of more than a second and each change of trust, after `wallOf` follows it. Returns the way to stop. */
  onStep(listener: Listener<ClockStep>): () => void;
  /** Watches the clock until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface TimeFacts {
  wallMs: number;
  /** No wall clock before this is believed, whatever vouches for it. */
  releasedMs: number;
  /** The newest wall time this device ever knew; a clock before it needs a witness. */
  newestKnownMs: number;
  hasBatteryClock: boolean;
  /** A board known to come without a battery clock. */
  isBoardWithoutClock: boolean;
  syncWitnessed: boolean;
}

export function decideTrust(facts: TimeFacts): ClockTrust {
  if (facts.wallMs < facts.releasedMs) return 'approximate';
  if (facts.syncWitnessed) return 'set';
  if (facts.wallMs < facts.newestKnownMs) return 'approximate';
  return facts.isBoardWithoutClock && !facts.hasBatteryClock ? 'approximate' : 'set';
}

interface Memory {
  newestWallMs: number;
  bootId: string;
  /** The wall time given to boot time zero of `bootId` while its clock was not set: kept over a restart of the process. */
  floorMs: number;
}

export interface DeviceTimeOptions {
  clock: Clock;
  readers: TimeReaders;
  /** Where the newest wall time is remembered, at most hourly. */
  file: string;
  /** When this release was built: no true clock is before it. */
  releasedMs: number;
  logger: Logger;
}

export async function openDeviceTime(options: DeviceTimeOptions): Promise<DeviceTime> {
  const { readers } = options;
  const [bootId, hasBatteryClock, isBoardWithoutClock, syncWitnessed] = await Promise.all([
    readers.bootId(),
    readers.hasBatteryClock(),
    readers.isBoardWithoutClock(),
    readers.syncWitnessed(),
  ]);
  return new WatchedTime(options, { bootId, hasBatteryClock, isBoardWithoutClock, syncWitnessed }, await readMemory(options.file));
}

interface MachineFacts extends Pick<TimeFacts, 'hasBatteryClock' | 'isBoardWithoutClock' | 'syncWitnessed'> {
  bootId: string;
}

class WatchedTime implements DeviceTime {
  readonly bootId: string;
  readonly #options: DeviceTimeOptions;
  readonly #facts: MachineFacts;
  readonly #steps = new Emitter<ClockStep>();
  readonly #floorMs: number;
  #newestKnownMs: number;
  #persistedWallMs: number;
  #writing: Promise<void> = Promise.resolve();
  #rawOffsetMs: number;
  #offsetMs = 0;
  #trust: ClockTrust = 'approximate';

  constructor(options: DeviceTimeOptions, facts: MachineFacts, remembered: Memory | null) {
    const { clock, releasedMs } = options;
    this.bootId = facts.bootId;
    this.#options = options;
    this.#facts = { ...facts };
    this.#newestKnownMs = Math.max(releasedMs, remembered?.newestWallMs ?? 0);
    const isSameBoot = remembered?.bootId === facts.bootId;
    this.#floorMs = isSameBoot ? remembered.floorMs : this.#newestKnownMs;
    this.#persistedWallMs = isSameBoot ? remembered.newestWallMs : Number.NEGATIVE_INFINITY;
    this.#rawOffsetMs = clock.wall() - clock.boot();
    this.#judge();
  }

  wallOf(bootMs: number): number {
    return bootMs + this.#offsetMs;
  }

  wall(): number {
    return this.wallOf(this.#options.clock.boot());
  }

  trust(): ClockTrust {
    return this.#trust;
  }

  onStep(listener: Listener<ClockStep>): () => void {
    return this.#steps.on(listener);
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#remember();
    while (!signal.aborted) {
      await this.#options.clock.sleep(pollIntervalMs, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (!signal.aborted) await this.#poll();
    }
    await this.#writing;
  }

  #judge(): void {
    const { clock, releasedMs } = this.#options;
    const wallMs = clock.boot() + this.#rawOffsetMs;
    this.#trust = decideTrust({ ...this.#facts, wallMs, releasedMs, newestKnownMs: this.#newestKnownMs });
    // An unset clock at or after the floor (saved by the system at shutdown) is the better guess of the two.
    const isBelievable = this.#trust === 'set' || this.#rawOffsetMs >= this.#floorMs;
    this.#offsetMs = isBelievable ? this.#rawOffsetMs : this.#floorMs;
  }

  async #poll(): Promise<void> {
    const { clock, readers, releasedMs, logger } = this.#options;
    this.#facts.syncWitnessed ||= await readers.syncWitnessed();
    const before = { rawOffsetMs: this.#rawOffsetMs, trust: this.#trust, offsetMs: this.#offsetMs };
    this.#rawOffsetMs = clock.wall() - clock.boot();
    const jumpMs = this.#rawOffsetMs - before.rawOffsetMs;
    const isAfterRelease = clock.wall() >= releasedMs;
    if (jumpMs > stepThresholdMs && isAfterRelease) this.#facts.syncWitnessed = true;
    // Whoever sets a clock back that was right so far means it: the later time was the wrong one.
    if (jumpMs < -stepThresholdMs && before.trust === 'set' && isAfterRelease) this.#newestKnownMs = clock.wall();
    this.#judge();
    const byMs = this.#offsetMs - before.offsetMs;
    if (Math.abs(byMs) > stepThresholdMs || this.#trust !== before.trust) {
      logger.info({ byMs: Math.round(byMs), trust: this.#trust }, 'the clock was set');
      this.#steps.emit({ oldOffsetMs: before.offsetMs, newOffsetMs: this.#offsetMs, trust: this.#trust });
    }
    this.#remember();
  }

  /** Not awaited by the watch: a disk that hangs must not stop the clock. */
  #remember(): void {
    const { file, logger } = this.#options;
    const wallMs = this.wall();
    if (this.#trust === 'set') this.#newestKnownMs = Math.max(this.#newestKnownMs, wallMs);
    if (wallMs >= this.#persistedWallMs && wallMs - this.#persistedWallMs < persistIntervalMs) return;
    const memory: Memory = { newestWallMs: Math.round(wallMs), bootId: this.bootId, floorMs: this.#floorMs };
    this.#persistedWallMs = wallMs;
    this.#writing = this.#writing
      .then(() => writeFileAtomically(file, JSON.stringify(memory)))
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'the time could not be remembered');
      });
  }
}

async function readMemory(file: string): Promise<Memory | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isMemory(value)) return null;
    return value;
  } catch {
    // Missing on the first start, torn on a dying disk: the release date remains as floor either way.
    return null;
  }
}

function isMemory(value: unknown): value is Memory {
  if (typeof value !== 'object' || value === null) return false;
  const memory = value as Partial<Memory>;
  return Number.isFinite(memory.newestWallMs) && Number.isFinite(memory.floorMs) && typeof memory.bootId === 'string';
}
