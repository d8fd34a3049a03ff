import type { Event, StreamMessage } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Database } from '#device/kernel/database.ts';
import type { DeviceTime } from '#device/kernel/device-time.ts';
import { Emitter, type Listener } from '#device/kernel/emitter.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { changedWhileOpen, columnsOf, type EventUpdate, type NewEvent, newRow } from './event-row.ts';
import { EventStore } from './event-store.ts';
import { EventPictures } from './pictures.ts';
import type { EventFilter } from './query.ts';
import { type EventsTable, type EventsTables, isKnown, toEvent } from './schema.ts';

export interface EventChange {
  phase: Extract<StreamMessage, { type: 'event' }>['phase'];
  event: Event;
}

/** What happened, kept. Times go in as boot-clock milliseconds and come out as wall time. Rejects with Failures, `not-found` for an event that is gone. */
export interface EventJournal {
  begin(event: NewEvent): Promise<Event>;
  /** Told at once, written at most every few seconds: an event that lasts must not wear out the medium. */
  update(id: string, update: EventUpdate): Promise<Event>;
  end(id: string, end: { endBootMs: number } & EventUpdate): Promise<Event>;
  /** Something that has no length. */
  record(event: NewEvent): Promise<Event>;
  link(id: string, recordingId: string): Promise<Event>;
  /** Replaces the event's picture. */
  setPicture(id: string, jpeg: Uint8Array): Promise<Event>;
  query(filter: EventFilter): Promise<{ events: Event[]; next: string | null }>;
  get(id: string): Promise<Event>;
  picture(id: string): Promise<Uint8Array | null>;
  /** Forgets what began before, and the oldest beyond the limits; also pictures that belong to nothing. Answers how many events went. */
  prune(beforeMs: number): Promise<number>;
  /** Returns the way to stop listening. */
  onChange(listener: Listener<EventChange>): () => void;
  /** Ends what is open and stops following the clock. The database is its opener's to close. */
  close(): Promise<void>;
}

export interface EventJournalDeps {
  database: Database<EventsTables>;
  clock: Pick<Clock, 'boot'>;
  time: Pick<DeviceTime, 'bootId' | 'wallOf' | 'trust' | 'onStep'>;
  logger: Logger;
  picturesDirectory: string;
  /** Of all pictures together; 256 MiB when absent. */
  picturesMaxBytes?: number;
  /** 500 000 when absent. */
  maxEvents?: number;
}

const writeEveryMs = 5_000;
const batch = 200;

/** Opens the journal: events that a crash left open are ended at their last sign, times of this boot are corrected when the clock was set since. */
export async function openEventJournal(deps: EventJournalDeps): Promise<EventJournal> {
  const store = new EventStore(deps.database);
  const abandoned = await store.endAbandoned();
  if (abandoned > 0) deps.logger.info({ events: abandoned }, 'events that a sudden stop left open were ended');
  const journal = new Journal(deps, store, await store.pictureBytes());
  if (deps.time.trust() === 'set') await journal.restamp();
  journal.followClock();
  return journal;
}

class Journal implements EventJournal {
  readonly #deps: EventJournalDeps;
  readonly #store: EventStore;
  readonly #pictures: EventPictures;
  readonly #changes = new Emitter<EventChange>();
  /** Events that last, newer here than in the file. */
  readonly #open = new Map<string, { row: EventsTable; writtenBootMs: number }>();
  /** Pictures whose file is there before their row says so. */
  readonly #arriving = new Set<string>();
  #pictureBytes: number;
  #stopFollowing: () => void = () => {};

  constructor(deps: EventJournalDeps, store: EventStore, pictureBytes: number) {
    this.#deps = deps;
    this.#store = store;
    this.#pictures = new EventPictures(deps.picturesDirectory);
    this.#pictureBytes = pictureBytes;
  }

  followClock(): void {
    this.#stopFollowing = this.#deps.time.onStep(({ trust }) => {
      if (trust !== 'set') return;
      this.restamp().catch((error: unknown) => this.#deps.logger.error({ err: error }, 'events keep their approximate time'));
    });
  }

  async begin(event: NewEvent): Promise<Event> {
    const row = newRow(event, this.#deps.time);
    await this.#store.add(row);
    this.#open.set(row.id, { row, writtenBootMs: this.#deps.clock.boot() });
    return this.#tell('started', row);
  }

  async update(id: string, update: EventUpdate): Promise<Event> {
    const lasting = this.#open.get(id);
    if (!lasting) return this.#tell('updated', await this.#store.change(id, columnsOf(update)));
    const bootMs = this.#deps.clock.boot();
    lasting.row = { ...lasting.row, ...columnsOf(update), updatedBootMs: bootMs, updatedWallMs: this.#wallOf(bootMs) };
    if (bootMs - lasting.writtenBootMs >= writeEveryMs) {
      lasting.writtenBootMs = bootMs;
      await this.#store.change(id, changedWhileOpen(lasting.row));
    }
    return this.#tell('updated', lasting.row);
  }

  async end(id: string, { endBootMs, ...update }: { endBootMs: number } & EventUpdate): Promise<Event> {
    const before = this.#open.get(id)?.row ?? (await this.#store.get(id));
    const bootMs = Math.max(before.startBootMs, endBootMs);
    // The length comes from the boot clock, so that a step of the wall clock cannot make an event end before it began.
    const endWallMs = before.startWallMs + Math.round(bootMs - before.startBootMs);
    const ended = { ...before, ...columnsOf(update), endBootMs: bootMs, endWallMs, updatedBootMs: bootMs, updatedWallMs: endWallMs };
    const row = await this.#store.change(id, { ...changedWhileOpen(ended), endBootMs: bootMs, endWallMs });
    this.#open.delete(id);
    return this.#tell('ended', row);
  }

  async record(event: NewEvent): Promise<Event> {
    const row = newRow(event, this.#deps.time);
    const ended = { ...row, endBootMs: row.startBootMs, endWallMs: row.startWallMs };
    await this.#store.add(ended);
    return this.#tell('ended', ended);
  }

  link(id: string, recordingId: string): Promise<Event> {
    return this.#changeWritten(id, { recordingId });
  }

  async setPicture(id: string, jpeg: Uint8Array): Promise<Event> {
    const { pictureBytes: before } = await this.#store.get(id);
    // The file first: a row that promises a picture has one.
    this.#arriving.add(id);
    try {
      await this.#pictures.write(id, jpeg);
      const event = await this.#changeWritten(id, { pictureBytes: jpeg.length });
      this.#pictureBytes += jpeg.length - before;
      await this.#trimPictures();
      return event;
    } finally {
      this.#arriving.delete(id);
    }
  }

  async query(filter: EventFilter): Promise<{ events: Event[]; next: string | null }> {
    const { rows, next } = await this.#store.page(filter);
    // A newer release may have known more kinds.
    return { events: rows.filter(isKnown).map((row) => toEvent(this.#open.get(row.id)?.row ?? row)), next };
  }

  async get(id: string): Promise<Event> {
    return toEvent(this.#open.get(id)?.row ?? (await this.#store.get(id)));
  }

  async picture(id: string): Promise<Uint8Array | null> {
    const row = await this.#store.get(id);
    return row.pictureBytes > 0 ? this.#pictures.read(row.id) : null;
  }

  async prune(beforeMs: number): Promise<number> {
    const limitMs = await this.#store.startOfNewest(this.#deps.maxEvents ?? 500_000);
    const before = Math.max(beforeMs, limitMs ?? Number.MIN_SAFE_INTEGER);
    let removed = 0;
    for (;;) {
      const gone = await this.#store.removeBefore(before, batch);
      for (const { id, pictureBytes } of gone) {
        if (pictureBytes > 0) await this.#pictures.remove(id);
        this.#pictureBytes -= pictureBytes;
      }
      removed += gone.length;
      if (gone.length < batch) break;
    }
    await this.#removeStrayPictures();
    return removed;
  }

  onChange(listener: Listener<EventChange>): () => void {
    return this.#changes.on(listener);
  }

  async close(): Promise<void> {
    this.#stopFollowing();
    const endBootMs = this.#deps.clock.boot();
    for (const id of [...this.#open.keys()]) await this.end(id, { endBootMs });
  }

  async restamp(): Promise<void> {
    const offsetMs = this.#deps.time.wallOf(0);
    for (const stored of await this.#store.restamp(this.#deps.time.bootId, offsetMs)) {
      const lasting = this.#open.get(stored.id);
      if (lasting) {
        const updatedWallMs = Math.round(lasting.row.updatedBootMs + offsetMs);
        lasting.row = { ...lasting.row, clock: 'set', startWallMs: stored.startWallMs, updatedWallMs };
      }
      this.#tell('updated', lasting?.row ?? stored);
    }
  }

  #wallOf(bootMs: number): number {
    return Math.round(this.#deps.time.wallOf(bootMs));
  }

  async #changeWritten(id: string, columns: { recordingId?: string; pictureBytes?: number }): Promise<Event> {
    const stored = await this.#store.change(id, columns);
    const lasting = this.#open.get(id);
    if (lasting) lasting.row = { ...lasting.row, ...columns };
    return this.#tell('updated', lasting?.row ?? stored);
  }

  async #trimPictures(): Promise<void> {
    const maxBytes = this.#deps.picturesMaxBytes ?? 268_435_456;
    while (this.#pictureBytes > maxBytes) {
      const [oldest] = await this.#store.oldestWithPicture(1);
      if (!oldest) return;
      await this.#changeWritten(oldest.id, { pictureBytes: 0 });
      await this.#pictures.remove(oldest.id);
      this.#pictureBytes -= oldest.pictureBytes;
    }
  }

  async #removeStrayPictures(): Promise<void> {
    const present = await this.#pictures.list();
    const known = await this.#store.idsWithPicture();
    for (const id of present) if (!known.has(id) && !this.#arriving.has(id)) await this.#pictures.remove(id);
  }

  #tell(phase: EventChange['phase'], row: EventsTable): Event {
    const event = toEvent(row);
    this.#changes.emit({ phase, event });
    return event;
  }
}
