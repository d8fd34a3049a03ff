import type { OutputUse } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { OutputDemand } from './output-demand.ts';
import type { OpenOutput, PinDriver } from './pin-driver.ts';
import type { JournalPort } from './ports.ts';

/** Long enough to be heard or seen, short enough for a siren at night. */
const testMs = 1_000;

export interface OutputDeps {
  clock: Clock;
  journal: JournalPort;
  /** It went on or off. */
  changed(line: number): void;
  /** The wire could not be set. */
  failed(line: number, error: unknown): void;
}

/** One relay, siren or light: follows its demand, one change after the other. */
export class OutputPin {
  readonly line: number;
  readonly use: OutputUse;
  readonly #deps: OutputDeps;
  readonly #open: OpenOutput;
  readonly #demand: OutputDemand;
  #on = false;
  #turn: Promise<void> = Promise.resolve();
  #waiting = new AbortController();
  #closed = false;

  private constructor(line: number, use: OutputUse, open: OpenOutput, deps: OutputDeps) {
    this.line = line;
    this.use = use;
    this.#open = open;
    this.#deps = deps;
    this.#demand = new OutputDemand(use);
  }

  static async open(driver: PinDriver, line: number, use: OutputUse, deps: OutputDeps): Promise<OutputPin> {
    return new OutputPin(line, use, await driver.openOutput(line, { activeLow: use.activeLow }), deps);
  }

  get active(): boolean {
    return this.#on;
  }

  motionBegan(cameraId: string): Promise<void> {
    this.#demand.motionBegan(cameraId, this.#deps.clock.boot());
    return this.#follow('because of motion');
  }

  motionEnded(cameraId: string): Promise<void> {
    this.#demand.motionEnded(cameraId);
    return this.#follow('');
  }

  switch(on: boolean, who: string): Promise<void> {
    this.#demand.switch(on);
    return this.#follow(`by ${who}`);
  }

  test(who: string): Promise<void> {
    this.#demand.pulse(this.#deps.clock.boot(), testMs);
    return this.#follow(`for a test by ${who}`);
  }

  /** Leaves it off. */
  async close(options: { giveBack: boolean }): Promise<void> {
    this.#closed = true;
    this.#waiting.abort();
    await this.#turn;
    if (this.#on) this.#deps.journal.end(this.#key);
    await this.#open.close(options);
  }

  get #key(): string {
    return `pin ${this.line}`;
  }

  #follow(why: string): Promise<void> {
    this.#turn = this.#turn.then(() => this.#settle(why)).catch((error: unknown) => this.#deps.failed(this.line, error));
    return this.#turn;
  }

  async #settle(why: string): Promise<void> {
    if (this.#closed) return;
    const { clock, journal } = this.#deps;
    const wanted = this.#demand.isOn(clock.boot());
    if (wanted !== this.#on) {
      await this.#open.set(wanted);
      this.#on = wanted;
      if (wanted) journal.begin(this.#key, { kind: 'pin.output', cameraId: null, message: `${this.use.name} was switched on ${why}.` });
      else journal.end(this.#key);
      this.#deps.changed(this.line);
    }
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#waiting.abort();
    const now = this.#deps.clock.boot();
    const untilMs = this.#demand.untilMs(now);
    if (untilMs === null) return;
    this.#waiting = new AbortController();
    this.#deps.clock.sleep(untilMs - now, this.#waiting.signal).then(
      () => this.#follow(''),
      () => {},
    );
  }
}
