import { Backoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Refusal } from './release-record.ts';

/** The fleet's say in which release this device runs. Methods throw when it is not reached. */
export interface ReleaseControl {
  /** What the device is to run, and whether that is because it follows its fleet. */
  wanted(): Promise<{ commit: string | null; isTracking: boolean }>;
  /** What the fleet's devices are to run. */
  wantedByFleet(): Promise<string | null>;
  pin(commit: string): Promise<void>;
  track(): Promise<void>;
}

interface WayBackDeps {
  clock: Clock;
  logger: Logger;
  random: () => number;
  control: ReleaseControl;
  /** Asks the host to do now what the fleet wants. */
  hasten(): Promise<void>;
}

const followMs = 1_800_000;

/** Asks the fleet for the release before, and lets the device follow its fleet again when a newer one comes. Never throws. */
export class WayBack {
  readonly #deps: WayBackDeps;
  readonly #retry: Backoff;
  #nextTryBootMs = 0;
  #nextFollowBootMs = 0;

  constructor(deps: WayBackDeps) {
    this.#deps = deps;
    this.#retry = new Backoff({ firstMs: 15_000, maxMs: 600_000, jitter: 0.5, random: deps.random });
  }

  /** Each step is remembered before the next, so that a power cut between any two repeats at most one that does no harm twice. */
  async goBack(refusal: Refusal, remember: (change: Partial<Refusal>) => Promise<void>): Promise<void> {
    const { clock, control, logger } = this.#deps;
    const { goBackTo, release } = refusal;
    if (refusal.isPinned || goBackTo.commit === null || clock.boot() < this.#nextTryBootMs) return;
    try {
      if (refusal.wasTracking === null) {
        const wanted = await control.wanted();
        const commit = release.commit ?? (wanted.commit === goBackTo.commit ? null : wanted.commit);
        await remember({ wasTracking: wanted.isTracking, release: { ...release, commit } });
      }
      await control.pin(goBackTo.commit);
      await remember({ isPinned: true });
      logger.warn({ release: goBackTo.version }, 'the fleet was asked for the release before');
    } catch (error) {
      const delayMs = this.#retry.next();
      this.#nextTryBootMs = clock.boot() + delayMs;
      logger.warn({ reason: reasonOf(error), delayMs: Math.round(delayMs) }, 'the release before cannot be asked for now');
      return;
    }
    await this.#hasten();
  }

  /** Answers whether the device follows its fleet again: what the fleet wants is no longer the refused release. */
  async follow(refusal: Refusal): Promise<boolean> {
    const { clock, control, logger } = this.#deps;
    if (!refusal.isPinned || refusal.wasTracking !== true || clock.boot() < this.#nextFollowBootMs) return false;
    this.#nextFollowBootMs = clock.boot() + followMs;
    try {
      const wanted = await control.wantedByFleet();
      if (wanted === null || wanted === refusal.release.commit) return false;
      await control.track();
    } catch (error) {
      logger.info({ reason: reasonOf(error) }, 'the fleet could not be asked for a newer release');
      return false;
    }
    logger.info({}, 'the device follows its fleet again');
    await this.#hasten();
    return true;
  }

  async #hasten(): Promise<void> {
    const { hasten, logger } = this.#deps;
    await hasten().catch((error: unknown) => logger.info({ reason: reasonOf(error) }, 'the host takes it when it looks itself'));
  }
}

/** Of what a library for the cloud throws, nothing else is known to be free of keys. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = Reflect.get(error, 'code') ?? Reflect.get(error, 'statusCode');
  return typeof code === 'string' || typeof code === 'number' ? `${error.name} ${code}` : error.name;
}
