import { test } from 'vitest';
import { sql } from 'kysely';
import { RecordingRoom } from '#device/testing/recording-room.ts';
import { RecordingIndex } from './recording-index.ts';
import { createRecordingQueries } from './query.ts';
test('million', async () => {
  const room = await RecordingRoom.make();
  await room.open();
  const db = room.database.write;
  let t = performance.now();
  await sql`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i < 999999)
    INSERT INTO recordings SELECT 'id'||i, 'cam'||(i%16), 'Camera', 'cam'||(i%16)||'/f'||i||'.mp4', 'b'||(i/10000), i*1000.0, 1700000000000+ (i/16)*60000, 'set', 60000, 20000000, 800,
    CASE WHEN i%10=0 THEN 'motion' ELSE 'continuous' END, 'closed', i%1000=0, 0, 'avc1.64001f', 1920,1080,1,0,0,0,0,-1 FROM n`.execute(db);
  console.log('insert', performance.now() - t);
  const index = new RecordingIndex(room.database);
  const time = async (name: string, work: () => Promise<unknown>) => {
    const ts: number[] = [];
    try {
    for (let k = 0; k < 40; k++) { const a = performance.now(); await work(); ts.push(performance.now() - a); }
    } catch (e) { console.log(name, String(e)); return; }
    ts.sort((a, b) => a - b);
    console.log(name, 'p50', ts[20]!.toFixed(2), 'p95', ts[38]!.toFixed(2));
  };
  const q = createRecordingQueries({ database: room.database, writing: () => null, timeZone: () => 'Europe/Brussels' }) as unknown as Record<string, (x: unknown) => Promise<unknown>>;
  const from = 1700000000000 + 30000 * 60000; const to = from + 86400000;
  await time('query day camera', () => q.page!({ limit: 50, cameraId: 'cam3', fromMs: from, toMs: to }));
  await time('query day all', () => q.page!({ limit: 50, fromMs: from, toMs: to }));
  await time('query day camera 500', () => q.page!({ limit: 500, cameraId: 'cam3', fromMs: from, toMs: to }));
  await time('query newest motion', () => q.page!({ limit: 50, trigger: 'motion' }));
  await time('query motion cam day', () => q.page!({ limit: 500, trigger: 'motion', cameraId: 'cam3', fromMs: from, toMs: to }));
  await time('query protected', () => q.page!({ limit: 50, protected: true, order: 'oldest' }));
  await time('coverage day', () => q.coverage!({ cameraId: 'cam3', fromMs: from, toMs: to }));
  { const a = performance.now(); await q.days!(undefined); console.log('days all', performance.now() - a); const b = performance.now(); await q.days!('cam3'); console.log('days cam', performance.now() - b); }
  await time('oldest unprotected', () => index.oldest({ protected: false, limit: 50 }));
  await time('oldest camera', () => index.oldest({ cameraId: 'cam3', protected: false, limit: 50 }));
  await time('totals', () => index.totals());
  await time('writing', () => index.inState('writing'));
  await time('oldestStart', () => index.oldestStartMs());
  await room.close();
  const b = performance.now(); let n = 0;
  await room.open(); console.log('open with 1M rows without files', performance.now() - b, n);
  await room.remove();
}, 300000);
