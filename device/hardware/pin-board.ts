import type { Pin, PinBoard as PinBoardFacts, PinSettings } from '#device/contract/contract.ts';
import { every } from '#device/kernel/every.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { headerPins, isReserved } from './header-pins.ts';
import { type InputDeps, InputPin } from './input-pin.ts';
import { type OutputDeps, OutputPin } from './output-pin.ts';
import { type PinDriver, type PinDriverOpener, pinFailure } from './pin-driver.ts';

const tickMs = 250;
/** What failed may have been taken by a program that is gone by now. */
const retryMs = 30_000;

export interface PinBoardDeps extends Omit<InputDeps, 'changed'>, Omit<OutputDeps, 'changed' | 'failed'> {
  logger: Logger;
  openDriver: PinDriverOpener;
  /** A pin is other than it was. */
  changed(pin: Pin): void;
}

/** All pins of the header: those that are used as they are set, and what is known of the others. */
export class PinBoard {
  readonly #deps: PinBoardDeps;
  readonly #open = new Map<number, InputPin | OutputPin>();
  readonly #problems = new Map<number, Failure>();
  #wanted: readonly PinSettings[] = [];
  #driver: PinDriver | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: PinBoardDeps) {
    this.#deps = deps;
  }

  /** Until aborted; then every output is off. */
  async run(signal: AbortSignal): Promise<void> {
    const driver = await this.#deps.openDriver();
    if (driver) this.#deps.logger.info({ chip: driver.chip, through: driver.through }, 'pins found');
    await this.#inTurn(async () => {
      this.#driver = driver;
      await this.#reconcile();
    });
    const { clock } = this.#deps;
    let retryAtMs = clock.boot() + retryMs;
    try {
      await every(clock, tickMs, signal, () => {
        const bootMs = clock.boot();
        for (const pin of this.#open.values()) if (pin instanceof InputPin) pin.tick(bootMs);
        if (bootMs < retryAtMs) return;
        retryAtMs = bootMs + retryMs;
        if (this.#problems.size > 0) void this.#inTurn(() => this.#reconcile());
      });
    } finally {
      await this.#inTurn(async () => {
        for (const line of [...this.#open.keys()]) await this.#close(line, { giveBack: false });
        this.#driver = null;
      });
    }
  }

  /** Makes what runs what is set. Never rejects: what does not work is told with its pin. */
  apply(pins: readonly PinSettings[]): Promise<void> {
    this.#wanted = pins;
    return this.#inTurn(() => this.#reconcile());
  }

  async facts(): Promise<PinBoardFacts> {
    const driver = this.#driver;
    if (!driver) return { chip: null, through: null, pins: [] };
    const owners = await driver.owners();
    return {
      chip: driver.chip,
      through: driver.through,
      pins: headerPins.toSorted((one, other) => one.line - other.line).map(({ line }) => this.#describe(line, owners.get(line) ?? null)),
    };
  }

  /** Throws a Failure that says why the pin cannot be used. */
  async check(line: number): Promise<void> {
    const driver = this.#driver;
    if (!driver) {
      throw new Failure('unavailable', 'This machine has no pins that are known.', {
        action: 'Use a Raspberry Pi, with the container privileged.',
      });
    }
    if (!this.#open.has(line)) refuseOwned(line, await driver.owners());
  }

  async pin(line: number): Promise<Pin> {
    const pin = (await this.facts()).pins.find((candidate) => candidate.line === line);
    if (!pin) throw new Failure('not-found', 'There is no such pin.');
    return pin;
  }

  /** On for a second. `who` is written down. */
  async test(line: number, who: string): Promise<void> {
    await this.#output(line, who, 'tested').test(who);
    this.#tellProblem(line);
  }

  async switch(line: number, on: boolean, who: string): Promise<void> {
    await this.#output(line, who, on ? 'switched on' : 'switched off').switch(on, who);
    this.#tellProblem(line);
  }

  motion(cameraId: string, moving: boolean): void {
    for (const pin of this.#open.values()) {
      if (pin instanceof OutputPin) void (moving ? pin.motionBegan(cameraId) : pin.motionEnded(cameraId));
    }
  }

  /** Names of what does not work, for health. */
  problems(): { line: number; failure: Failure }[] {
    return [...this.#problems].map(([line, failure]) => ({ line, failure }));
  }

  #output(line: number, who: string, what: string): OutputPin {
    const pin = this.#open.get(line);
    if (!(pin instanceof OutputPin)) {
      throw this.#problems.get(line) ?? new Failure('conflict', `GPIO${line} is not set as an output.`, { action: 'Give it a use first.' });
    }
    this.#deps.logger.info({ line, name: pin.use.name, who }, `an output was ${what}`);
    return pin;
  }

  #tellProblem(line: number): void {
    const failure = this.#problems.get(line);
    if (failure) throw failure;
  }

  async #reconcile(): Promise<void> {
    for (const [line, pin] of this.#open) {
      const wanted = this.#wanted.find((candidate) => candidate.line === line);
      if (JSON.stringify(wanted?.use) !== JSON.stringify(pin.use)) await this.#close(line);
    }
    for (const line of [...this.#problems.keys()]) {
      if (!this.#wanted.some((candidate) => candidate.line === line)) this.#problems.delete(line);
    }
    if (!this.#driver) return;
    for (const settings of this.#wanted) if (!this.#open.has(settings.line)) await this.#begin(this.#driver, settings);
  }

  async #begin(driver: PinDriver, { line, use }: PinSettings): Promise<void> {
    const deps = {
      ...this.#deps,
      changed: (changedLine: number) => this.#changed(changedLine),
      failed: (failedLine: number, error: unknown) => this.#lost(failedLine, this.#open.get(failedLine), error),
    };
    try {
      refuseOwned(line, await driver.owners());
      if (use.direction === 'input') {
        const pin = await InputPin.open(driver, line, use, deps);
        this.#open.set(line, pin);
        pin.lost.catch((error: unknown) => this.#lost(line, pin, error));
      } else {
        this.#open.set(line, await OutputPin.open(driver, line, use, deps));
      }
      this.#problems.delete(line);
      this.#changed(line);
    } catch (error) {
      this.#failed(line, error);
    }
  }

  /** It is tried again later, from the beginning. */
  #lost(line: number, pin: InputPin | OutputPin | undefined, error: unknown): void {
    if (!pin || this.#open.get(line) !== pin) return;
    this.#failed(line, error);
    void this.#inTurn(() => this.#close(line));
  }

  async #close(line: number, options = { giveBack: true }): Promise<void> {
    const pin = this.#open.get(line);
    this.#open.delete(line);
    await pin?.close(options).catch((error: unknown) => this.#deps.logger.warn({ line, err: error }, 'a pin could not be given back'));
    this.#changed(line);
  }

  #failed(line: number, error: unknown): void {
    const failure = error instanceof Failure ? error : pinFailure(line, error);
    if (this.#problems.get(line)?.message !== failure.message) this.#deps.logger.warn({ line, err: failure.cause }, failure.message);
    this.#problems.set(line, failure);
    this.#changed(line);
  }

  #changed(line: number): void {
    this.#deps.changed(this.#describe(line, null));
  }

  #describe(line: number, owner: string | null): Pin {
    const place = headerPins.find((candidate) => candidate.line === line);
    const open = this.#open.get(line);
    const failure = this.#problems.get(line);
    return {
      line,
      headerPin: place?.headerPin ?? 0,
      alsoKnownAs: place?.alsoKnownAs ?? null,
      use: this.#wanted.find((candidate) => candidate.line === line)?.use ?? null,
      active: open?.active ?? null,
      owner: open ? null : owner,
      problem: failure
        ? { message: failure.message, ...(failure.action === undefined ? {} : { action: failure.action }) }
        : isReserved(line)
          ? { message: 'Read by the firmware when the board starts; it is not for use.' }
          : null,
    };
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch((error: unknown) => this.#deps.logger.error({ err: error }, 'the pins could not be set'));
    return this.#turn;
  }
}

function refuseOwned(line: number, owners: ReadonlyMap<number, string>): void {
  if (isReserved(line)) {
    throw new Failure('conflict', `GPIO${line} is read by the firmware when the board starts.`, { action: 'Use another pin.' });
  }
  const owner = owners.get(line);
  if (owner === undefined) return;
  const also = headerPins.find((candidate) => candidate.line === line)?.alsoKnownAs;
  throw new Failure('conflict', `GPIO${line} belongs to ${owner}${also ? ` (${also})` : ''}.`, {
    action: 'Use another pin, or switch off what uses it in config.txt.',
  });
}
