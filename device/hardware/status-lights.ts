import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type DeviceState, moodOf, rhythms } from './light-moods.ts';
import { type Lights, type LightsDeps, takeLights } from './lights.ts';

const identifyMs = 30_000;
/** How soon lights are taken or given back after the setting changed. */
const idleMs = 2_000;

export interface StatusLightsDeps extends LightsDeps {
  clock: Clock;
  isWanted(): boolean;
  state(): Omit<DeviceState, 'identifying'>;
}

/** Tells with the lights of the board how the device is. */
export class StatusLights {
  readonly #deps: StatusLightsDeps;
  #lights: Lights | null = null;
  #identifyUntilMs = Number.NEGATIVE_INFINITY;
  #step = new AbortController();

  constructor(deps: StatusLightsDeps) {
    this.#deps = deps;
  }

  /** Until aborted; then the lights show what they showed before. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        if (!this.#isNeeded()) {
          await this.#giveBack();
          await this.#pause(idleMs, signal);
          continue;
        }
        this.#lights ??= await takeLights(this.#deps);
        await this.#playOnce(this.#lights, signal);
      }
    } finally {
      await this.#giveBack();
    }
  }

  /** At once and for half a minute. Throws Failure `unavailable` when the board has no light that can be used. */
  identify(): void {
    if (this.#lights && !this.#lights.activity && !this.#lights.power) {
      throw new Failure('unavailable', 'This machine has no light that can be used.', { action: 'Look for its address instead.' });
    }
    this.#identifyUntilMs = this.#deps.clock.boot() + identifyMs;
    this.#step.abort();
  }

  #isIdentifying(): boolean {
    return this.#deps.clock.boot() < this.#identifyUntilMs;
  }

  #isNeeded(): boolean {
    return this.#deps.isWanted() || this.#isIdentifying();
  }

  /** One round of the rhythm. The second light only helps to find the board, so that it goes on telling that there is power. */
  async #playOnce({ activity, power }: Lights, signal: AbortSignal): Promise<void> {
    const mood = moodOf({ ...this.#deps.state(), identifying: this.#isIdentifying() });
    const light = activity ?? power;
    if (!light) return this.#pause(idleMs, signal);
    const others = mood === 'identify' && activity && power ? [power] : [];
    for (const [index, ms] of rhythms[mood].entries()) {
      const lit = index % 2 === 0;
      await light.set(lit);
      for (const other of others) await other.set(!lit);
      await this.#pause(ms, signal);
      if (signal.aborted || this.#step.signal.aborted) break;
    }
    if (mood !== 'identify' && activity && power) await power.set(true);
  }

  /** Cut short by the end, and by a wish to identify. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#step.signal.aborted) this.#step = new AbortController();
    await this.#deps.clock.sleep(ms, AbortSignal.any([signal, this.#step.signal])).catch(() => {});
  }

  async #giveBack(): Promise<void> {
    const lights = this.#lights;
    this.#lights = null;
    for (const light of [lights?.activity, lights?.power]) {
      await light?.restore().catch((error: unknown) => this.#deps.logger.warn({ light: light.name, err: error }, 'a light stays as it is'));
    }
  }
}
