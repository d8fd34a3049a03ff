import type { CamerasAtWork, Happening } from '#device/fleet/release-gate.ts';
import { openReleaseGate, type ReleaseGate } from '#device/fleet/release-gate.ts';
import { emptyRecord, type Release, type ReleaseRecord } from '#device/fleet/release-record.ts';
import type { StorageSight } from '#device/fleet/release-trial.ts';
import type { ReleaseControl } from '#device/fleet/way-back.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from './simulated-clock.ts';

/** A device on a simulated clock: releases start and stop on it, cameras record or do not, its fleet is reached or not. */
export class SimulatedFleet {
  readonly clock = new SimulatedClock();
  /** Every record that was ever written, oldest first. */
  readonly written: ReleaseRecord[] = [];
  readonly happenings: Happening[] = [];
  readonly proofs: string[] = [];
  cameras = new Map<string, 'recording' | 'ready' | 'gone'>([
    ['front', 'recording'],
    ['yard', 'recording'],
  ]);
  storage: StorageSight = 'takes';
  isServing = true;
  isFleetReached = true;
  hasFleet = true;
  /** What the fleet wants of its devices, and of this one when it was pinned. */
  fleetCommit = 'old';
  pinned: string | null = null;
  /** A proof by hand is of use. */
  canProve = true;
  bootId = 'boot-1';
  hastened = 0;
  #stored: ReleaseRecord = emptyRecord;
  #running: { gate: ReleaseGate; stop: AbortController; done: Promise<void> } | null = null;

  get stored(): ReleaseRecord {
    return this.#stored;
  }

  /** As after a power cut: what was written up to some moment is all there is. */
  restore(record: ReleaseRecord): void {
    this.#stored = record;
  }

  get gate(): ReleaseGate {
    if (!this.#running) throw new Error('nothing runs');
    return this.#running.gate;
  }

  /** What runs is killed; the release starts. `isWhole`: it comes so far as to have cameras and portal. */
  async start(release: Omit<Release, 'commit'>, { commit, isWhole = true }: { commit?: string; isWhole?: boolean } = {}): Promise<void> {
    await this.kill();
    const gate = await openReleaseGate({
      clock: this.clock,
      logger: silentLogger,
      store: {
        read: async () => this.#stored,
        write: async (record) => {
          this.#stored = structuredClone(record);
          this.written.push(this.#stored);
        },
      },
      release: { ...release, commit: null },
      bootId: this.bootId,
      random: () => 0,
      control: this.hasFleet ? this.#control() : null,
      hasten: async () => {
        this.hastened += 1;
      },
    });
    const stop = new AbortController();
    const done = gate.run(stop.signal);
    this.#running = { gate, stop, done };
    gate.onHappening((happening) => this.happenings.push(happening));
    if (isWhole) gate.watch(this.#work());
    if (commit !== undefined) await gate.identified(commit);
  }

  async kill(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.done;
    this.#running = null;
  }

  async pass(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
  }

  #work(): CamerasAtWork {
    const idsOf = (...states: string[]) => [...this.cameras].filter(([, state]) => states.includes(state)).map(([id]) => id);
    return {
      expected: () => [...this.cameras.keys()],
      recording: () => idsOf('recording'),
      pictured: () => idsOf('recording', 'ready'),
      storage: async () => this.storage,
      prove: (id) => {
        this.proofs.push(id);
        if (this.canProve) this.cameras.set(id, 'recording');
      },
      nameOf: (id) => id.toUpperCase(),
      isServing: async () => this.isServing,
    };
  }

  #control(): ReleaseControl {
    const reached = <T>(value: () => T) => (this.isFleetReached ? Promise.resolve(value()) : Promise.reject(new Error('offline')));
    return {
      wanted: () => reached(() => ({ commit: this.pinned ?? this.fleetCommit, isTracking: this.pinned === null })),
      wantedByFleet: () => reached(() => this.fleetCommit),
      pin: (commit) => reached(() => this.#giveRelease(commit)),
      track: () => reached(() => this.#giveRelease(null)),
    };
  }

  #giveRelease(pinned: string | null): void {
    this.pinned = pinned;
  }
}
