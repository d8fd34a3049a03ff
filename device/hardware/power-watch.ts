import type { HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import { Latch } from './latch.ts';
import type { JournalPort } from './ports.ts';
import type { Throttle, ThrottleReader } from './throttle.ts';

const lookMs = 5_000;
/** A weak supply flickers with every load: it is one event until it has been well for a while. */
const wellAfterMs = 60_000;
const key = 'power';
const message = 'Your power supply is too weak: the voltage fell too low.';
const action = 'Use the power supply made for this board, with a short cable, and nothing else fed from it.';

interface PowerWatchDeps {
  clock: Clock;
  journal: JournalPort;
  findReader(): Promise<ThrottleReader | null>;
}

/** Tells when the board gets too little power. */
export class PowerWatch {
  readonly #deps: PowerWatchDeps;
  readonly #latch = new Latch({ raiseMs: 0, clearMs: wellAfterMs });
  #last: Throttle | null = null;

  constructor(deps: PowerWatchDeps) {
    this.#deps = deps;
  }

  /** Until aborted, or at once on a machine that does not tell. */
  async run(signal: AbortSignal): Promise<void> {
    const reader = await this.#deps.findReader();
    if (!reader) return;
    try {
      await every(this.#deps.clock, lookMs, signal, async () => this.#take(await reader()));
    } finally {
      this.#deps.journal.end(key);
    }
  }

  checks(): HealthCheck[] {
    const last = this.#last;
    if (!last) return [];
    const id = 'power.voltage';
    if (this.#latch.raised) return [{ id, level: 'failed', message, action }];
    if (last.weakSinceBoot)
      return [{ id, level: 'warning', message: `${message} That was since the machine started, and is over.`, action }];
    const slowed: HealthCheck = {
      id: 'power.speed',
      level: 'warning',
      message: 'The board slows itself down.',
      action: 'Give it more air or a heat sink.',
    };
    return [{ id, level: 'ok', message: 'The power supply is strong enough.' }, ...(last.slowedNow ? [slowed] : [])];
  }

  #take(throttle: Throttle | null): void {
    if (!throttle) return;
    // Between two looks it may have been weak and well again: then only the lasting mark tells.
    const isNew = throttle.weakSinceBoot === true && this.#last?.weakSinceBoot !== true;
    const change = this.#latch.observe(throttle.weakNow || isNew, this.#deps.clock.boot());
    this.#last = throttle;
    if (change === 'raised') this.#deps.journal.begin(key, { kind: 'power.weak', cameraId: null, message: `${message} ${action}` });
    if (change === 'cleared') this.#deps.journal.end(key);
  }
}
