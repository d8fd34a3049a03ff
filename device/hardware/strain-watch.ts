import type { HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { nextShedCount, type ShedStep, type Strain, shedSteps, shedWords, strainWords } from './load-plan.ts';
import type { JournalPort } from './ports.ts';

/** Slow enough that each step shows its effect before the next. */
const lookMs = 15_000;
const key = 'strain';

interface StrainWatchDeps {
  clock: Clock;
  logger: Logger;
  journal: JournalPort;
  strain(): Promise<Strain>;
  /** Gives up exactly these. */
  shed(steps: readonly ShedStep[]): void;
}

/** Sheds load while the machine is hot or short of memory. */
export class StrainWatch {
  readonly #deps: StrainWatchDeps;
  #taken: readonly ShedStep[] = [];
  #why = '';

  constructor(deps: StrainWatchDeps) {
    this.#deps = deps;
  }

  /** Until aborted; then nothing is shed any more. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, strain, journal, shed } = this.#deps;
    try {
      await every(clock, lookMs, signal, async () => this.#take(await strain()));
    } finally {
      this.#taken = [];
      shed([]);
      journal.end(key);
    }
  }

  checks(): HealthCheck[] {
    if (this.#taken.length === 0) return [{ id: 'system.strain', level: 'ok', message: 'The machine bears its load.' }];
    const action = 'Give it more air or a heat sink, or use fewer cameras.';
    return [{ id: 'system.strain', level: 'warning', message: this.#message(), action, value: this.#taken.length }];
  }

  #take(strain: Strain): void {
    const { journal, logger, shed } = this.#deps;
    const count = nextShedCount(this.#taken.length, strain);
    if (count === this.#taken.length) return;
    this.#taken = shedSteps.slice(0, count);
    this.#why = strainWords(strain);
    shed(this.#taken);
    logger.warn({ ...strain, shed: this.#taken }, 'load is shed');
    if (count === 0) journal.end(key);
    else journal.begin(key, { kind: 'device.strained', cameraId: null, message: this.#message() });
  }

  #message(): string {
    const why = this.#why === '' ? '' : `: ${this.#why}`;
    return `The machine is strained${why}. So ${this.#taken.map((step) => shedWords[step]).join(', ')}. Recording goes on.`;
  }
}
