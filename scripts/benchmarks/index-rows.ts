/**
 * How quick the index answers with a million recordings in it: `node scripts/benchmarks/index-rows.ts [rows]`.
 * Makes a database of 16 cameras in a temporary folder, asks what the portal asks, prints milliseconds, removes the folder.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase } from '#device/kernel/database.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { type RecordingsTables, recordingsMigrations } from '#device/recordings/index-schema.ts';
import { encodeParts } from '#device/recordings/part-list.ts';
import { createRecordingsReader } from '#device/recordings/reading.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const cameras = 16;
const timeZone = 'Europe/Brussels';
const startMs = Date.UTC(2026, 0, 5);
/** From one recording's start to the next of the same camera: 30 s of video, half a minute of quiet. */
const stepMs = 60_000;
const dayMs = 86_400_000;
const goalMs = 50;

async function fill(database: Database<RecordingsTables>): Promise<void> {
  const parts = encodeParts(
    Array.from({ length: 15 }, (_, index) => ({
      startMs: index * 2000,
      durationMs: 2000,
      offset: 4000 + index * 500_000,
      length: 500_000,
      key: true,
    })),
  );
  await sql`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${rows})
    INSERT INTO recordings SELECT
      lower(hex(randomblob(4))) || '-' || i, 'camera-' || (i % ${cameras}), 'Camera ' || (i % ${cameras}), 'camera/' || i || '.mp4', 'boot',
      ${startMs} + (i / ${cameras}) * ${stepMs}, ${startMs} + (i / ${cameras}) * ${stepMs} + (i % ${cameras}) * 700, 'set', 30000, 7500000, 800,
      CASE WHEN i % 1000 = 7 THEN 'manual' WHEN i % 3 = 0 THEN 'continuous' ELSE 'motion' END, 'closed', i % 500 = 3, 0, 'avc1.64001f', 1920, 1080, 1,
      0, 0, 100, 100, 50
    FROM n`.execute(database.write);
  await sql`INSERT INTO recording_parts SELECT id, ${parts} FROM recordings`.execute(database.write);
}

async function measure(name: string, runs: number, ask: (run: number) => Promise<unknown>): Promise<boolean> {
  const took: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await ask(run);
    took.push(performance.now() - started);
  }
  const cpu = process.cpuUsage(cpuBefore);
  // What a run costs the processor itself, whatever else the machine is busy with.
  const cpuMs = (cpu.user + cpu.system) / 1000 / runs;
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)];
  console.log(
    `${name.padEnd(44)} ${[p50, p95, p99, cpuMs].map((ms) => ms.toFixed(1).padStart(8)).join(' ')}  ${p95 < goalMs ? 'ok' : `over ${goalMs} ms`}`,
  );
  return p95 < goalMs;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'index-rows-'));
  const file = join(folder, 'index.db');
  const database = await openDatabase<RecordingsTables>({ file, room: 'recordings', migrations: recordingsMigrations });
  try {
    const filling = performance.now();
    await fill(database);
    console.log(
      `${rows} rows of ${cameras} cameras in ${((performance.now() - filling) / 1000).toFixed(0)} s, ${Math.round((await stat(file)).size / 1e6)} MB`,
    );
    console.log(`Node ${process.version}, ${process.arch}, ${availableParallelism()} cores\n`);
    const ok = await ask(database, folder);
    process.exitCode = ok ? 0 : 1;
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
}

async function ask(database: Database<RecordingsTables>, folder: string): Promise<boolean> {
  const reader = createRecordingsReader({
    database,
    recordingsDirectory: folder,
    thumbnailsDirectory: folder,
    writing: () => null,
    jpegOf: async () => null,
    timeZone: () => timeZone,
    logger: silentLogger,
  });
  const days = Math.floor((rows / cameras) * stepMs) / dayMs;
  const dayOf = (run: number) => ({
    fromMs: startMs + Math.floor((run * 7) % days) * dayMs,
    toMs: startMs + (Math.floor((run * 7) % days) + 1) * dayMs,
  });
  const camera = (run: number) => `camera-${(run * 5) % cameras}`;
  const cursors = await Promise.all(
    [0.1, 0.5, 0.9].map(async (share) => {
      const page = await reader.query({ limit: 1, toMs: startMs + days * share * dayMs });
      return page.next ?? '';
    }),
  );
  const cursor = (run: number) => cursors[run % cursors.length] ?? '';
  console.log(`${'milliseconds'.padEnd(44)} ${['p50', 'p95', 'p99', 'cpu'].map((text) => text.padStart(8)).join(' ')}`);
  const results = [
    await measure('page of 50, newest', 200, () => reader.query({ limit: 50 })),
    await measure('page of 50 in the middle', 200, (run) => reader.query({ limit: 50, cursor: cursor(run) })),
    await measure('page of 50, one camera, in the middle', 200, (run) =>
      reader.query({ limit: 50, cameraId: camera(run), cursor: cursor(run) }),
    ),
    await measure('page of 50, one camera, rare trigger', 200, (run) =>
      reader.query({ limit: 50, cameraId: camera(run), trigger: 'manual', cursor: cursor(run) }),
    ),
    await measure('page of 50, protected', 200, (run) => reader.query({ limit: 50, protected: true, cursor: cursor(run) })),
    await measure('page of 50, one camera, protected', 200, (run) => reader.query({ limit: 50, cameraId: camera(run), protected: true })),
    await measure('day view: 500 of a day, all cameras', 100, (run) => reader.query({ limit: 500, ...dayOf(run) })),
    await measure('day view: 500 of a day, one camera', 100, (run) => reader.query({ limit: 500, cameraId: camera(run), ...dayOf(run) })),
    await measure('timeline: coverage of a day (1440 recordings)', 100, (run) => reader.coverage({ cameraId: camera(run), ...dayOf(run) })),
    await measure('days, one camera', 50, (run) => reader.days(camera(run))),
    await measure('days, all cameras', 50, () => reader.days(undefined)),
    await measure('playlist of an hour', 50, (run) =>
      reader.playlist({ cameraId: camera(run), fromMs: dayOf(run).fromMs, toMs: dayOf(run).fromMs + 3_600_000 }, String),
    ),
  ];
  return results.every(Boolean);
}

await main();
