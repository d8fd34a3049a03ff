import type { Health, HealthCheck, HealthLevel, ShortHealth } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';

const timeoutMs = 2000;
const cacheMs = 1000;
const refreshMs = 10_000;
const levels: readonly HealthLevel[] = ['ok', 'note', 'warning', 'failed'];

/** A part of the device that can say how it is. May be slow, hang or throw: that too becomes a check. */
export interface HealthSource {
  /** Dotted beginning of its ids, e.g. `storage`. */
  name: string;
  checks(): HealthCheck[] | Promise<HealthCheck[]>;
}

export interface HealthOptions {
  clock: Clock;
  logger: Logger;
  sources: readonly HealthSource[];
  version: string;
  isClaimed(): boolean;
  wallMs(): number;
}

export interface HealthReport {
  /** The worst level as last found, never waiting. */
  short(): ShortHealth;
  /** All checks, at most a second old; never later than two seconds, whatever hangs. */
  full(): Promise<Health>;
  /** Keeps the short form true though nobody asks for the full one. */
  run(signal: AbortSignal): Promise<void>;
}

interface Findings {
  checks: HealthCheck[];
  bootMs: number;
}

export function worstLevel(checks: readonly Pick<HealthCheck, 'level'>[]): HealthLevel {
  return levels[Math.max(0, ...checks.map((check) => levels.indexOf(check.level)))] ?? 'ok';
}

export function createHealth(options: HealthOptions): HealthReport {
  const { clock, version } = options;
  const asked = options.sources.map((source) => new BoundedSource(source, clock, options.logger));
  let findings: Findings | null = null;
  let looking: Promise<Findings> | null = null;

  async function look(): Promise<Findings> {
    const checks = (await Promise.all(asked.map((source) => source.checks()))).flat();
    findings = { checks, bootMs: clock.boot() };
    looking = null;
    return findings;
  }

  async function recent(): Promise<Findings> {
    if (findings && clock.boot() - findings.bootMs < cacheMs) return findings;
    looking ??= look();
    return looking;
  }

  const shortOf = (checks: readonly HealthCheck[]): ShortHealth => ({ status: worstLevel(checks), claimed: options.isClaimed(), version });
  return {
    short: () => shortOf(findings?.checks ?? []),
    full: async () => {
      const { checks } = await recent();
      return { ...shortOf(checks), time: new Date(options.wallMs()).toISOString(), checks };
    },
    run: async (signal) => {
      while (!signal.aborted) {
        await recent();
        if (signal.aborted) return;
        await clock.sleep(refreshMs, signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
      }
    },
  };
}

/** One source with a deadline. While it hangs it is not asked again, so that nothing piles up. */
class BoundedSource {
  readonly #source: HealthSource;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #asked: Promise<HealthCheck[]> | null = null;

  constructor(source: HealthSource, clock: Clock, logger: Logger) {
    this.#source = source;
    this.#clock = clock;
    this.#logger = logger;
  }

  async checks(): Promise<HealthCheck[]> {
    this.#asked ??= this.#ask();
    const deadline = new AbortController();
    const late = this.#clock.sleep(timeoutMs, deadline.signal).then(() => [this.#late()]);
    // When the source was quicker, the deadline is cancelled and rejects with nobody left to hear it.
    late.catch(() => {});
    try {
      return await Promise.race([this.#asked, late]);
    } finally {
      deadline.abort();
    }
  }

  async #ask(): Promise<HealthCheck[]> {
    try {
      return await this.#source.checks();
    } catch (error) {
      this.#logger.warn({ err: error, source: this.#source.name }, 'a health check failed');
      return [this.#problem('failed', `The state of “${this.#source.name}” could not be found out.`)];
    } finally {
      this.#asked = null;
    }
  }

  #late(): HealthCheck {
    return this.#problem('warning', `“${this.#source.name}” did not say how it is within ${timeoutMs / 1000} seconds.`);
  }

  #problem(level: HealthLevel, message: string): HealthCheck {
    return { id: `${this.#source.name}.check`, level, message, action: 'Restart the device if this stays.' };
  }
}
