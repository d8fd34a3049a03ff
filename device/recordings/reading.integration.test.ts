import { appendFile, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '#device/kernel/database.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import type { Packet } from '#device/media/packet.ts';
import { filmScene, type Scene } from '#device/testing/filmed-scene.ts';
import { recordingRow, recordScene } from '#device/testing/recorded-scene.ts';
import { type RecordingsTables, recordingsMigrations, toTable } from './index-schema.ts';
import type { Part, RecordingRow } from './model.ts';
import { encodeParts } from './part-list.ts';
import { createRecordingsReader, type RecordingsReader } from './reading.ts';
import { identityFile } from './volume.ts';

const eightMs = Date.UTC(2026, 0, 5, 8);

describe('looking at recordings', () => {
  let folder: string;
  let database: Database<RecordingsTables>;
  let reader: RecordingsReader;
  let scene: Scene;
  let timeZone: string;
  let asked: Packet[][];
  const growing = new Map<string, { parts: readonly Part[]; sizeBytes: number }>();

  beforeAll(async () => {
    scene = await filmScene({ seconds: 4 });
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reading-'));
    database = await openDatabase({ file: join(folder, 'index.db'), room: 'recordings', migrations: recordingsMigrations });
    await writeFile(join(folder, identityFile), '{"id":"of-this-test"}');
    timeZone = 'UTC';
    asked = [];
    growing.clear();
    reader = createRecordingsReader({
      database,
      recordingsDirectory: folder,
      thumbnailsDirectory: join(folder, 'thumbnails'),
      writing: (id) => growing.get(id) ?? null,
      jpegOf: async ({ packets }) => {
        asked.push(packets);
        return Uint8Array.of(0xff, 0xd8, asked.length);
      },
      timeZone: () => timeZone,
      logger: silentLogger,
    });
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const add = async (...rows: RecordingRow[]): Promise<void> => {
    for (const row of rows) {
      await database.write.insertInto('recordings').values(toTable(row)).execute();
      await database.write
        .insertInto('recording_parts')
        .values({ recordingId: row.id, parts: encodeParts(row.parts) })
        .execute();
    }
  };
  const at = (id: string, startS: number, row: Partial<RecordingRow> = {}): RecordingRow =>
    recordingRow({ id, startWallMs: eightMs + startS * 1000, durationMs: 30_000, ...row });
  const record = async (row: Partial<RecordingRow> & { id: string }): Promise<RecordingRow> => {
    const recorded = await recordScene(folder, row, scene);
    await add(recorded);
    return recorded;
  };
  const idsOf = async (filter: Omit<Parameters<RecordingsReader['query']>[0], 'limit'>): Promise<string[]> =>
    (await reader.query({ limit: 50, ...filter })).recordings.map(({ id }) => id);

  describe('as a list', () => {
    test('answers pages, newest first, that neither repeat nor skip while rows come and go', async () => {
      await add(...Array.from({ length: 9 }, (_, index) => at(`r${index}`, Math.floor(index / 3) * 60)));
      const first = await reader.query({ limit: 4 });
      expect(first.recordings.map(({ id }) => id)).toEqual(['r8', 'r7', 'r6', 'r5']);
      await add(at('new', 600), at('r5x', 60));
      await database.write.deleteFrom('recordings').where('id', 'in', ['r7', 'r4']).execute();
      const second = await reader.query({ limit: 4, cursor: first.next ?? '' });
      expect(second.recordings.map(({ id }) => id)).toEqual(['r3', 'r2', 'r1', 'r0']);
      expect(second.next).toBeNull();
    });

    test('answers the oldest first when asked to', async () => {
      await add(at('a', 0), at('b', 60), at('c', 60));
      const page = await reader.query({ limit: 2, order: 'oldest' });
      expect(page.recordings.map(({ id }) => id)).toEqual(['a', 'b']);
      const rest = await reader.query({ limit: 2, order: 'oldest', cursor: page.next ?? '' });
      expect(rest.recordings.map(({ id }) => id)).toEqual(['c']);
    });

    test('holds what touches the span, and only that', async () => {
      await add(at('before', 0), at('into', 80), at('within', 120), at('out', 190), at('after', 200));
      expect(await idsOf({ fromMs: eightMs + 100_000, toMs: eightMs + 200_000 })).toEqual(['out', 'within', 'into']);
    });

    test('filters by camera, trigger and protection, and hides what is going or quarantined', async () => {
      await add(
        at('a', 0, { cameraId: 'back' }),
        at('b', 1, { trigger: 'continuous' }),
        at('c', 2, { protected: true }),
        at('d', 3, { state: 'deleting' }),
        at('e', 4, { state: 'quarantined' }),
      );
      expect(await idsOf({})).toEqual(['c', 'b', 'a']);
      expect(await idsOf({ cameraId: 'back' })).toEqual(['a']);
      expect(await idsOf({ trigger: 'continuous' })).toEqual(['b']);
      expect(await idsOf({ protected: true })).toEqual(['c']);
      expect(await idsOf({ protected: true, cameraId: 'front' })).toEqual(['c']);
      expect(await idsOf({ protected: true, cameraId: 'back' })).toEqual([]);
      expect(await idsOf({ protected: false })).toEqual(['b', 'a']);
      await expect(reader.get('d')).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('refuses a page marker that it did not make', async () => {
      await expect(reader.query({ limit: 5, cursor: 'rubbish' })).rejects.toMatchObject({ kind: 'invalid-input' });
    });

    test('tells how far one that is being written has come', async () => {
      await add(at('now', 0, { state: 'writing', durationMs: 0, sizeBytes: 0 }));
      growing.set('now', { parts: [{ startMs: 0, durationMs: 7_000, offset: 700, length: 300, key: true }], sizeBytes: 1000 });
      expect(await reader.get('now')).toMatchObject({ state: 'writing', durationMs: 7_000, sizeBytes: 1000 });
    });
  });

  describe('as days and stretches', () => {
    test('names the days in the time zone of the device', async () => {
      await add(recordingRow({ id: 'late', startWallMs: Date.parse('2026-03-28T23:30:00Z'), durationMs: 60_000 }));
      expect(await reader.days('front')).toEqual(['2026-03-28']);
      timeZone = 'Europe/Brussels';
      expect(await reader.days('front')).toEqual(['2026-03-29']);
      expect(await reader.days('back')).toEqual([]);
    });

    test('counts a recording over midnight for both days, and knows short and long days', async () => {
      timeZone = 'Europe/Brussels';
      await add(
        // 2026-03-29 has 23 hours there: it ends at 22:00 UTC.
        recordingRow({ id: 'spring', startWallMs: Date.parse('2026-03-29T21:59:00Z'), durationMs: 120_000 }),
        // 2026-10-25 has 25 hours: it ends at 23:00 UTC.
        recordingRow({ id: 'autumn', cameraId: 'back', startWallMs: Date.parse('2026-10-25T22:59:00Z'), durationMs: 59_000 }),
      );
      expect(await reader.days('front')).toEqual(['2026-03-29', '2026-03-30']);
      expect(await reader.days('back')).toEqual(['2026-10-25']);
      expect(await reader.days(undefined)).toEqual(['2026-03-29', '2026-03-30', '2026-10-25']);
    });

    test('joins neighbours of one trigger to one stretch', async () => {
      await add(
        at('a', 0, { trigger: 'continuous' }),
        at('b', 31, { trigger: 'continuous' }),
        at('c', 62, { trigger: 'motion' }),
        at('d', 95, { trigger: 'motion' }),
      );
      const spans = await reader.coverage({ cameraId: 'front', fromMs: eightMs, toMs: eightMs + 3_600_000 });
      expect(spans.map(({ recordingId, start, end }) => `${recordingId} ${start.slice(14, 19)}–${end.slice(14, 19)}`)).toEqual([
        'a 00:00–01:01',
        'c 01:02–01:32',
        'd 01:35–02:05',
      ]);
    });
  });

  describe('as a file', () => {
    test('is the whole file and any range of it', async () => {
      const row = await record({ id: 'one', cameraName: 'Front door' });
      const file = await reader.file('one');
      const bytes = await readFile(join(folder, row.path));
      expect(file.fileName).toBe('1767600000_1-0_Front~20door_0-0-0-0_0_4000.mp4');
      expect(Buffer.from(await new Response(file.read(0, file.sizeBytes - 1)).arrayBuffer()).equals(bytes)).toBe(true);
      expect(Buffer.from(await new Response(file.read(100, 199)).arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
    });

    test('has a tag that changes with its bytes', async () => {
      const row = await record({ id: 'one' });
      const { etag } = await reader.file('one');
      expect((await reader.file('one')).etag).toBe(etag);
      await appendFile(join(folder, row.path), 'x');
      expect((await reader.file('one')).etag).not.toBe(etag);
    });

    test('shows of one that is being written what is safe', async () => {
      const row = await record({ id: 'one', state: 'writing' });
      const parts = row.parts.slice(0, 3);
      const sizeBytes = (parts[2]?.offset ?? 0) + (parts[2]?.length ?? 0);
      growing.set('one', { parts, sizeBytes });
      const file = await reader.file('one');
      expect(file.sizeBytes).toBe(sizeBytes);
      expect((await new Response(file.read(0, 10_000_000)).arrayBuffer()).byteLength).toBe(sizeBytes);
      growing.set('one', { parts: row.parts, sizeBytes: row.sizeBytes });
      expect((await reader.file('one')).etag).not.toBe(file.etag);
    });

    test('that vanished is said to be gone, also in the middle of reading', async () => {
      const row = await record({ id: 'one' });
      const file = await reader.file('one');
      await unlink(join(folder, row.path));
      await expect(new Response(file.read(0, 9)).arrayBuffer()).rejects.toMatchObject({ kind: 'not-found' });
      await expect(reader.file('one')).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('that is away with its disk is said to be away, also as a span', async () => {
      const row = await record({ id: 'one' });
      const file = await reader.file('one');
      // An empty folder in its place.
      await unlink(join(folder, row.path));
      await unlink(join(folder, identityFile));
      const away = { kind: 'storage-failed', message: expect.stringContaining('is not there') };
      await expect(new Response(file.read(0, 9)).arrayBuffer()).rejects.toMatchObject(away);
      await expect(reader.file('one')).rejects.toMatchObject(away);
      await expect(reader.exportSpan({ cameraId: 'front', fromMs: eightMs, toMs: eightMs + 5_000 })).rejects.toMatchObject(away);
    });

    test('is never one outside the recordings folder', async () => {
      await add(at('evil', 0, { path: '../../etc/passwd' }), at('worse', 1, { path: '/etc/passwd' }));
      await expect(reader.file('evil')).rejects.toMatchObject({ kind: 'storage-failed' });
      await expect(reader.file('worse')).rejects.toMatchObject({ kind: 'storage-failed' });
    });
  });

  describe('as a span', () => {
    test('is a playlist and one movie', async () => {
      await record({ id: 'one' });
      await record({ id: 'two', startWallMs: eightMs + 60_000, startBootMs: 60_000 });
      const span = { cameraId: 'front', fromMs: eightMs + 2_000, toMs: eightMs + 62_000 };
      const playlist = await reader.playlist(span, (id) => `/${id}.mp4`);
      expect(playlist.match(/^\/(one|two)\.mp4$/gm)).toEqual(['/one.mp4', '/two.mp4']);
      const movie = await reader.exportSpan(span);
      expect(movie.fileName).toBe('Front 2026-01-05T08-00-02Z.mp4');
      expect((await new Response(movie.read(0, movie.sizeBytes - 1)).arrayBuffer()).byteLength).toBe(movie.sizeBytes);
    });

    test('without recordings is not found, and one without sense is refused', async () => {
      const span = { cameraId: 'front', fromMs: eightMs, toMs: eightMs + 1000 };
      await expect(reader.playlist(span, String)).rejects.toMatchObject({ kind: 'not-found' });
      await expect(reader.exportSpan(span)).rejects.toMatchObject({ kind: 'not-found' });
      await expect(reader.exportSpan({ ...span, toMs: eightMs - 1 })).rejects.toMatchObject({ kind: 'invalid-input' });
      await expect(reader.playlist({ ...span, toMs: eightMs + 90_000_000 }, String)).rejects.toMatchObject({ kind: 'invalid-input' });
    });
  });

  describe('as a thumbnail', () => {
    test('is the key picture at the likely moment, made once and kept', async () => {
      await record({ id: 'one', trigger: 'motion' });
      const [jpeg, again] = await Promise.all([reader.thumbnail('one'), reader.thumbnail('one')]);
      expect(jpeg).toEqual(Uint8Array.of(0xff, 0xd8, 1));
      expect(again).toEqual(jpeg);
      expect(Uint8Array.from((await reader.thumbnail('one')) ?? [])).toEqual(jpeg);
      expect(asked).toHaveLength(1);
      const key = scene.packets.filter((packet) => packet.track === 'video' && packet.key)[2];
      expect(Buffer.from(asked[0]?.[0]?.data ?? []).equals(key?.data ?? new Uint8Array(1))).toBe(true);
      expect(await readdir(join(folder, 'thumbnails'))).toEqual(['one.jpg']);
    });

    test('goes with its recording', async () => {
      await record({ id: 'one' });
      await reader.thumbnail('one');
      await reader.forget('one');
      expect(await readdir(join(folder, 'thumbnails'))).toEqual([]);
    });

    test('of a recording that cannot be read is none', async () => {
      const row = await record({ id: 'one' });
      await unlink(join(folder, row.path));
      expect(await reader.thumbnail('one')).toBeNull();
      await expect(reader.thumbnail('never')).rejects.toMatchObject({ kind: 'not-found' });
    });
  });
});
