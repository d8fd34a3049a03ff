import type { EventJournal } from '#device/events/journal.ts';
import type { HardwareEvent, JournalPort } from '#device/hardware/ports.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';

/** Writes down what the hardware tells, in the order it tells it and without ever holding it up. */
export class HardwareJournal implements JournalPort {
  readonly #journal: Pick<EventJournal, 'begin' | 'end' | 'record'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lasting = new Map<string, Promise<string | null>>();
  readonly #pending = new Set<Promise<unknown>>();

  constructor(journal: Pick<EventJournal, 'begin' | 'end' | 'record'>, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#journal = journal;
    this.#clock = clock;
    this.#logger = logger;
  }

  begin(key: string, event: HardwareEvent): void {
    if (this.#lasting.has(key)) return;
    const startBootMs = this.#clock.boot();
    const id = this.#kept(this.#journal.begin({ ...event, startBootMs }).then((begun) => begun.id));
    this.#lasting.set(key, id);
  }

  end(key: string): void {
    const lasting = this.#lasting.get(key);
    if (!lasting) return;
    this.#lasting.delete(key);
    const endBootMs = this.#clock.boot();
    void this.#kept(
      lasting.then(async (id) => {
        if (id !== null) await this.#journal.end(id, { endBootMs });
      }),
    );
  }

  record(event: HardwareEvent): void {
    void this.#kept(this.#journal.record({ ...event, startBootMs: this.#clock.boot() }));
  }

  /** Resolves when everything told so far is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #kept<T>(work: Promise<T>): Promise<T | null> {
    const kept = work.catch((error: unknown) => {
      this.#logger.error({ err: error }, 'an event could not be written down');
      return null;
    });
    this.#pending.add(kept);
    void kept.finally(() => this.#pending.delete(kept));
    return kept;
  }
}
