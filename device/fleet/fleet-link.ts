import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { HealthCheck } from '#device/contract/contract.ts';
import { writeFileAtomically } from '#device/kernel/atomic-file.ts';
import { Backoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { FleetApi } from './fleet-api.ts';
import { type AgreedName, decideName } from './name-rule.ts';
import { reasonOf } from './way-back.ts';

/** The device as the fleet is to see it. */
export interface DeviceFacts {
  name(): string;
  isNameFixed(): boolean;
  setName(name: string): Promise<void>;
  /** Short words by tag. */
  tags(): Promise<ReadonlyMap<string, string>>;
}

interface FleetLinkDeps {
  clock: Clock;
  logger: Logger;
  random: () => number;
  api: Pick<FleetApi, 'name' | 'rename' | 'tags' | 'setTag'>;
  file: string;
  facts: DeviceFacts;
  /** What a device is called that nobody named. */
  unnamed: string;
}

const tickMs = 30_000;
/** How often the fleet is asked for the name. */
const askNameMs = 300_000;
/** A tag that changes all the time is told no more often. */
const tagEveryMs = 600_000;
/** Being offline for a while is no news. */
const noteAfterMs = 3_600_000;

const memorySchema = z.object({ name: z.object({ here: z.string(), there: z.string() }).nullable() });

/** Keeps name and tags of this device in the owner's fleet as they are here, and the name here as it is there. Never throws. */
export class FleetLink {
  readonly #deps: FleetLinkDeps;
  readonly #retry: Backoff;
  readonly #tags = new Map<string, { value: string; bootMs: number }>();
  #agreed: AgreedName | null = null;
  #there: string | null = null;
  #askedNameBootMs = Number.NEGATIVE_INFINITY;
  #knowsTags = false;
  #lastGoodBootMs: number;

  constructor(deps: FleetLinkDeps) {
    this.#deps = deps;
    this.#retry = new Backoff({ firstMs: tickMs, maxMs: 900_000, jitter: 0.5, random: deps.random });
    this.#lastGoodBootMs = deps.clock.boot();
  }

  checks(): HealthCheck[] {
    const id = 'fleet.link';
    const silentMs = this.#deps.clock.boot() - this.#lastGoodBootMs;
    if (silentMs < noteAfterMs) return [{ id, level: 'ok', message: 'The fleet knows this device.' }];
    const message = `The fleet was not reached for ${Math.round(silentMs / 3_600_000)} h. The device works without it.`;
    return [{ id, level: 'note', message, action: 'Look at the way to the internet if updates are to come.' }];
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#agreed = await readMemory(this.#deps.file);
    while (!signal.aborted) {
      const pauseMs = await this.#round();
      await this.#deps.clock.sleep(pauseMs, signal).catch(() => {});
    }
  }

  async #round(): Promise<number> {
    const { clock, logger } = this.#deps;
    try {
      await this.#agreeOnName();
      await this.#tellTags();
      this.#lastGoodBootMs = clock.boot();
      this.#retry.reset();
      return tickMs;
    } catch (error) {
      const pauseMs = this.#retry.next();
      logger.info({ reason: reasonOf(error), pauseMs: Math.round(pauseMs) }, 'the fleet is not reached');
      return pauseMs;
    }
  }

  async #agreeOnName(): Promise<void> {
    const { api, clock, facts, unnamed } = this.#deps;
    if (this.#there === null || clock.boot() - this.#askedNameBootMs >= askNameMs) {
      this.#there = await api.name();
      this.#askedNameBootMs = clock.boot();
    }
    const here = facts.name();
    const step = decideName({ here, there: this.#there, agreed: this.#agreed, isFixed: facts.isNameFixed(), unnamed });
    if (step.kind === 'tell-fleet') {
      await api.rename(step.name);
      this.#there = step.name;
    }
    if (step.kind === 'take') await facts.setName(step.name);
    if (!facts.isNameFixed()) await this.#remember({ here: facts.name(), there: this.#there });
  }

  async #remember(agreed: AgreedName): Promise<void> {
    if (agreed.here === this.#agreed?.here && agreed.there === this.#agreed.there) return;
    this.#agreed = agreed;
    await writeFileAtomically(this.#deps.file, `${JSON.stringify({ name: agreed })}\n`);
  }

  async #tellTags(): Promise<void> {
    const { api, clock, facts } = this.#deps;
    if (!this.#knowsTags) {
      for (const [key, value] of await api.tags()) this.#tags.set(key, { value, bootMs: Number.NEGATIVE_INFINITY });
      this.#knowsTags = true;
    }
    for (const [key, value] of await facts.tags()) {
      const told = this.#tags.get(key);
      if (told && (told.value === value || clock.boot() - told.bootMs < tagEveryMs)) continue;
      await api.setTag(key, value);
      this.#tags.set(key, { value, bootMs: clock.boot() });
    }
  }
}

async function readMemory(file: string): Promise<AgreedName | null> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(file, 'utf8'))).name;
  } catch {
    // As if they had never met: the rule for that needs no memory.
    return null;
  }
}
