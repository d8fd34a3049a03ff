import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClockTrust } from '#device/contract/contract.ts';
import { type Database, openDatabase } from '#device/kernel/database.ts';
import type { ClockStep } from '#device/kernel/device-time.ts';
import { Emitter } from '#device/kernel/emitter.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { type EventChange, type EventJournal, openEventJournal } from './journal.ts';
import { type EventsTables, eventsMigrations } from './schema.ts';

const eightMs = Date.UTC(2026, 0, 5, 8);

/** A device's time that a test moves and sets by hand. */
class HandTime {
  bootMs = 1_000;
  offsetMs = eightMs;
  trusted: ClockTrust = 'set';
  readonly #steps = new Emitter<ClockStep>();

  readonly bootId: string;

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  boot = (): number => this.bootMs;
  wallOf = (bootMs: number): number => bootMs + this.offsetMs;
  trust = (): ClockTrust => this.trusted;
  onStep = this.#steps.on.bind(this.#steps);

  set(offsetMs: number): void {
    const step: ClockStep = { oldOffsetMs: this.offsetMs, newOffsetMs: offsetMs, trust: 'set' };
    this.offsetMs = offsetMs;
    this.trusted = 'set';
    this.#steps.emit(step);
  }
}

describe('the journal of events', () => {
  let folder: string;
  let database: Database<EventsTables>;
  let time: HandTime;
  let journal: EventJournal;
  let told: EventChange[];

  const open = async (options: { picturesMaxBytes?: number; maxEvents?: number } = {}): Promise<EventJournal> => {
    const picturesDirectory = join(folder, 'pictures');
    const opened = await openEventJournal({ database, clock: time, time, logger: silentLogger, picturesDirectory, ...options });
    opened.onChange((change) => told.push(change));
    return opened;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'events-'));
    database = await openDatabase({ file: join(folder, 'index.db'), room: 'events', migrations: eventsMigrations });
    time = new HandTime('boot-1');
    told = [];
    journal = await open();
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const motion = (startBootMs = time.bootMs, cameraId = 'front') => journal.begin({ cameraId, kind: 'motion', startBootMs, score: 0.4 });
  const picture = (sizeBytes: number): Uint8Array => Uint8Array.from({ length: sizeBytes }, (_, index) => [0xff, 0xd8][index] ?? 7);
  const stored = () => database.read.selectFrom('events').selectAll().execute();

  test('keeps an event from its beginning over its updates to its end, and tells of each', async () => {
    const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4, score: 0.9 };
    const begun = await motion();
    await journal.update(begun.id, { score: 0.9, boxes: [box], zones: ['Path'] });
    const ended = await journal.end(begun.id, { endBootMs: 6_000 });
    expect(ended).toEqual({
      id: begun.id,
      cameraId: 'front',
      kind: 'motion',
      start: '2026-01-05T08:00:01.000Z',
      end: '2026-01-05T08:00:06.000Z',
      score: 0.9,
      boxes: [box],
      zones: ['Path'],
      recordingId: null,
      message: null,
      hasPicture: false,
      clock: 'set',
    });
    expect(await journal.get(begun.id)).toEqual(ended);
    expect(told.map(({ phase }) => phase)).toEqual(['started', 'updated', 'ended']);
    expect(told[1]?.event).toMatchObject({ score: 0.9, end: null });
  });

  test('shows every update at once but writes a lasting event only every few seconds', async () => {
    const { id } = await motion();
    for (let update = 0; update < 20; update += 1) {
      time.bootMs += 1_000;
      await journal.update(id, { score: update / 100 });
      expect((await journal.get(id)).score).toBe(update / 100);
      expect((await journal.query({ limit: 5 })).events[0]?.score).toBe(update / 100);
    }
    expect((await stored())[0]?.score).toBe(0.19);
    time.bootMs += 1_000;
    await journal.update(id, { score: 0.5 });
    expect((await stored())[0]?.score).toBe(0.19);
  });

  test('records what has no length', async () => {
    const started = await journal.record({ cameraId: null, kind: 'device.started', startBootMs: 500, message: 'After a power cut.' });
    expect(started).toMatchObject({ start: started.end, message: 'After a power cut.', cameraId: null, score: null });
    expect(told.map(({ phase }) => phase)).toEqual(['ended']);
  });

  test('ends at their last sign what a sudden stop left open', async () => {
    const { id } = await motion(1_000);
    time.bootMs = 9_000;
    await journal.update(id, { score: 0.6 });
    time = new HandTime('boot-2');
    time.offsetMs = eightMs + 3_600_000;
    journal = await open();
    expect(await journal.get(id)).toMatchObject({ end: '2026-01-05T08:00:09.000Z', score: 0.6 });
  });

  test('ends what is open when it is closed', async () => {
    const { id } = await motion(1_000);
    time.bootMs = 4_000;
    await journal.close();
    expect((await journal.get(id)).end).toBe('2026-01-05T08:00:04.000Z');
  });

  test('never lets an event end before it began, wherever the clock was set in between', async () => {
    const { id } = await motion(1_000);
    time.set(eightMs - 7_200_000);
    expect(await journal.end(id, { endBootMs: 3_000 })).toMatchObject({
      start: '2026-01-05T08:00:01.000Z',
      end: '2026-01-05T08:00:03.000Z',
    });
    const other = await motion(5_000);
    expect(await journal.end(other.id, { endBootMs: 4_000 })).toMatchObject({ end: other.start });
  });

  describe('while the clock is not set', () => {
    beforeEach(async () => {
      time.trusted = 'approximate';
      time.offsetMs = Date.UTC(2025, 0, 1);
    });

    test('marks events, and corrects them, lasting ones too, when it is', async () => {
      const past = await journal.record({ cameraId: 'front', kind: 'camera.online', startBootMs: 500 });
      const { id } = await motion(1_000);
      time.bootMs = 2_000;
      await journal.update(id, { score: 0.7 });
      expect(past.clock).toBe('approximate');
      time.set(eightMs);
      await expect
        .poll(() => journal.get(past.id))
        .toMatchObject({ clock: 'set', start: '2026-01-05T08:00:00.500Z', end: '2026-01-05T08:00:00.500Z' });
      expect(await journal.get(id)).toMatchObject({ clock: 'set', start: '2026-01-05T08:00:01.000Z', end: null, score: 0.7 });
      expect(await journal.end(id, { endBootMs: 3_000 })).toMatchObject({ clock: 'set', end: '2026-01-05T08:00:03.000Z' });
      expect(told.filter(({ event }) => event.id === past.id).map(({ phase }) => phase)).toEqual(['ended', 'updated']);
    });

    test('corrects events of this boot when the clock was set while nobody ran, and leaves those of other boots', async () => {
      const { id } = await journal.record({ cameraId: 'front', kind: 'camera.online', startBootMs: 500 });
      time = new HandTime('boot-1');
      journal = await open();
      expect(await journal.get(id)).toMatchObject({ clock: 'set', start: '2026-01-05T08:00:00.500Z' });
      time.trusted = 'approximate';
      const old = await journal.record({ cameraId: 'front', kind: 'camera.online', startBootMs: 900 });
      time = new HandTime('boot-2');
      journal = await open();
      expect(await journal.get(old.id)).toMatchObject({ clock: 'approximate' });
    });
  });

  test('is linked to its recording when there is one', async () => {
    const { id } = await motion();
    expect(await journal.link(id, 'recording-1')).toMatchObject({ recordingId: 'recording-1', end: null });
    expect(await journal.end(id, { endBootMs: 2_000 })).toMatchObject({ recordingId: 'recording-1' });
    await journal.link(id, 'recording-2');
    expect(await journal.get(id)).toMatchObject({ recordingId: 'recording-2' });
  });

  describe('as a list', () => {
    test('gives pages, newest first, that neither repeat nor skip while events come and go', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 7; index += 1) ids.unshift((await motion(1_000 + index)).id);
      const first = await journal.query({ limit: 3 });
      expect(first.events.map(({ id }) => id)).toEqual(ids.slice(0, 3));
      await motion(60_000);
      await database.write
        .deleteFrom('events')
        .where('id', '=', ids[2] ?? '')
        .execute();
      const second = await journal.query({ limit: 9, cursor: first.next ?? '' });
      expect(second.events.map(({ id }) => id)).toEqual(ids.slice(3));
      expect(second.next).toBeNull();
      await expect(journal.query({ limit: 3, cursor: 'rubbish' })).rejects.toMatchObject({ kind: 'invalid-input' });
    });

    test('filters by camera, kind and time', async () => {
      const front = await motion(1_000);
      const back = await motion(2_000, 'back');
      const offline = await journal.record({ cameraId: 'back', kind: 'camera.offline', startBootMs: 3_000 });
      const idsOf = async (filter: object) => (await journal.query({ limit: 10, ...filter })).events.map(({ id }) => id);
      expect(await idsOf({ cameraId: 'back' })).toEqual([offline.id, back.id]);
      expect(await idsOf({ kind: 'motion' })).toEqual([back.id, front.id]);
      expect(await idsOf({ cameraId: 'back', kind: 'motion' })).toEqual([back.id]);
      expect(await idsOf({ fromMs: eightMs + 2_000, toMs: eightMs + 3_000 })).toEqual([back.id]);
    });

    test('leaves out kinds that only a newer release knows, and keeps them', async () => {
      const front = await motion(1_000);
      const other = await motion(2_000);
      const kind = 'moon.rising' as never;
      await database.write.updateTable('events').set({ kind }).where('id', '=', other.id).execute();
      await journal.close();
      expect((await journal.query({ limit: 10 })).events.map(({ id }) => id)).toEqual([front.id]);
      expect(await database.read.selectFrom('events').select('id').where('kind', '=', kind).execute()).toHaveLength(1);
    });
  });

  describe('its pictures', () => {
    test('are kept whole, one an event, and can be replaced', async () => {
      const { id } = await motion();
      expect(await journal.picture(id)).toBeNull();
      expect(await journal.setPicture(id, picture(100))).toMatchObject({ hasPicture: true });
      await journal.setPicture(id, picture(50));
      expect(await journal.picture(id)).toHaveLength(50);
      expect(await readdir(join(folder, 'pictures'))).toEqual([`${id}.jpg`]);
      expect(await journal.end(id, { endBootMs: 2_000 })).toMatchObject({ hasPicture: true });
    });

    test('must be pictures, and belong to an event', async () => {
      const { id } = await motion();
      await expect(journal.setPicture(id, Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ kind: 'invalid-input' });
      await expect(journal.setPicture(id, picture(3_000_000))).rejects.toMatchObject({ kind: 'invalid-input' });
      await expect(journal.setPicture('../../etc/passwd', picture(10))).rejects.toMatchObject({ kind: 'not-found' });
      await expect(journal.picture('../../etc/passwd')).rejects.toMatchObject({ kind: 'not-found' });
      expect((await journal.get(id)).hasPicture).toBe(false);
    });

    test('go, oldest first, when there are too many; their events stay', async () => {
      journal = await open({ picturesMaxBytes: 250 });
      const ids: string[] = [];
      for (let index = 0; index < 4; index += 1) {
        const { id } = await motion(1_000 + index);
        ids.push(id);
        await journal.setPicture(id, picture(100));
      }
      const has = await Promise.all(ids.map(async (id) => (await journal.get(id)).hasPicture));
      expect(has).toEqual([false, false, true, true]);
      expect((await readdir(join(folder, 'pictures'))).length).toBe(2);
      journal = await open({ picturesMaxBytes: 150 });
      await journal.setPicture(ids[3] ?? '', picture(90));
      expect((await readdir(join(folder, 'pictures'))).length).toBe(1);
    });

    test('go with their events, and so do those that belong to none', async () => {
      const old = await motion(1_000);
      await journal.setPicture(old.id, picture(100));
      await journal.end(old.id, { endBootMs: 2_000 });
      const lasting = await motion(3_000);
      const recent = await journal.record({ cameraId: 'front', kind: 'camera.online', startBootMs: 90_000 });
      await writeFile(join(folder, 'pictures', '00000000-0000-4000-8000-000000000000.jpg'), picture(9));
      await writeFile(join(folder, 'pictures', 'notes.txt'), 'mine');
      expect(await journal.prune(eightMs + 60_000)).toBe(1);
      expect((await journal.query({ limit: 9 })).events.map(({ id }) => id)).toEqual([recent.id, lasting.id]);
      expect(await readdir(join(folder, 'pictures'))).toEqual(['notes.txt']);
    });

    test('and events beyond the limit go, oldest first', async () => {
      journal = await open({ maxEvents: 3 });
      for (let index = 0; index < 8; index += 1) await journal.record({ cameraId: null, kind: 'clock.stepped', startBootMs: index });
      expect(await journal.prune(0)).toBe(5);
      expect((await journal.query({ limit: 9 })).events).toHaveLength(3);
    });
  });
});
