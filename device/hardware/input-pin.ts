import type { InputUse } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Debounce } from './debounce.ts';
import type { OpenInput, PinDriver } from './pin-driver.ts';
import type { JournalPort } from './ports.ts';

/** A sensor that reports again within this goes on with the same event: a loose wire must not fill the journal. */
const restMs = 2_000;
/** Long enough that nobody does it by leaning on the box. */
const resetHoldMs = 10_000;

export interface InputDeps {
  clock: Clock;
  journal: JournalPort;
  /** Starts or prolongs; what a camera cannot do now is told by itself. */
  record(cameraId: string, durationMs: number, happenedBootMs: number): void;
  resetHeld(): void;
  /** It reports, or no longer does. */
  changed(line: number): void;
}

const reports: Record<InputUse['kind'], string> = {
  pir: 'saw movement',
  door: 'was opened',
  tamper: 'reports tampering',
  button: 'was pressed',
  reset: 'was pressed',
};

/** One sensor: what it says, settled, becomes events and recordings. */
export class InputPin {
  readonly line: number;
  readonly use: InputUse;
  readonly #deps: InputDeps;
  readonly #open: OpenInput;
  readonly #debounce: Debounce;
  #sinceMs: number | null = null;
  #quietSinceMs: number | null = null;
  #recordAgainMs = Number.POSITIVE_INFINITY;

  private constructor(place: { line: number; use: InputUse; open: OpenInput; debounce: Debounce }, deps: InputDeps) {
    this.line = place.line;
    this.use = place.use;
    this.#open = place.open;
    this.#debounce = place.debounce;
    this.#deps = deps;
  }

  static async open(driver: PinDriver, line: number, use: InputUse, deps: InputDeps): Promise<InputPin> {
    // A change may be told before the pin is made.
    let told: (active: boolean) => void = () => {};
    const open = await driver.openInput(line, { activeLow: use.activeLow }, (active) => told(active));
    const debounce = new Debounce(deps.clock, {
      active: open.active(),
      stillMs: use.debounceMs,
      settled: (active) => pin.#settled(active),
    });
    const pin = new InputPin({ line, use, open, debounce }, deps);
    told = (active) => debounce.level(active);
    debounce.level(open.active());
    // Whoever opened the box while it was without power must not go untold; a door that merely stands open is no opening.
    if (use.kind === 'tamper' && pin.active) pin.#settled(true);
    return pin;
  }

  get active(): boolean {
    return this.#debounce.active;
  }

  get lost(): Promise<never> {
    return this.#open.lost;
  }

  /** Several times a second. */
  tick(bootMs: number): void {
    if (this.#quietSinceMs !== null && bootMs - this.#quietSinceMs >= restMs) this.#over();
    if (this.active && bootMs >= this.#recordAgainMs) this.#record(bootMs);
    const isHeld = this.use.kind === 'reset' && this.#sinceMs !== null && bootMs - this.#sinceMs >= resetHoldMs;
    if (!isHeld) return;
    // Once for each time it is held down.
    this.#sinceMs = null;
    this.#deps.resetHeld();
  }

  async close(_options: { giveBack: boolean }): Promise<void> {
    this.#debounce.stop();
    this.#over();
    await this.#open.close();
  }

  #settled(active: boolean): void {
    const bootMs = this.#deps.clock.boot();
    this.#deps.changed(this.line);
    this.#sinceMs = active ? bootMs : null;
    this.#quietSinceMs = active ? null : bootMs;
    if (!active || this.use.kind === 'reset') return;
    const message = `${this.use.name} ${reports[this.use.kind]}.`;
    for (const { key, cameraId } of this.#events()) this.#deps.journal.begin(key, { kind: 'pin.input', cameraId, message });
    this.#record(bootMs);
  }

  #record(bootMs: number): void {
    this.#recordAgainMs = bootMs + this.use.recordMs / 2;
    const { recordCameraIds, recordMs, debounceMs } = this.use;
    const happenedBootMs = (this.#sinceMs ?? bootMs) - debounceMs;
    for (const cameraId of recordCameraIds) this.#deps.record(cameraId, recordMs, happenedBootMs);
  }

  #over(): void {
    this.#quietSinceMs = null;
    for (const { key } of this.#events()) this.#deps.journal.end(key);
  }

  /** One for each camera that records it, so that it lies on the timeline of each; else one of the device. */
  #events(): { key: string; cameraId: string | null }[] {
    const cameraIds = this.use.recordCameraIds.length > 0 ? this.use.recordCameraIds : [null];
    return cameraIds.map((cameraId) => ({ key: `pin ${this.line} ${cameraId ?? ''}`, cameraId }));
  }
}
