import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Generated, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Migrations } from './database.ts';
import { openSoundDatabase } from './sound-database.ts';

interface Tables {
  visit: { id: Generated<number>; name: string };
}

const migrations: Migrations = {
  '1-visit': {
    up: async (db) => {
      await sql`CREATE TABLE visit (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`.execute(db);
      await sql`CREATE INDEX visit_by_name ON visit (name)`.execute(db);
    },
  },
};

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sound-database-'));
  file = join(folder, 'visits.db');
});

afterEach(() => rm(folder, { recursive: true }));

/** Opens, answers how many rows there were, adds rows, closes. */
async function visit(rows: number): Promise<{ before: number; damagedCopy: string | null }> {
  const { database, damagedCopy } = await openSoundDatabase<Tables>({ file, room: 'visits', migrations });
  try {
    const before = (await database.read.selectFrom('visit').select('id').execute()).length;
    for (let row = 0; row < rows; row += 1)
      await database.write
        .insertInto('visit')
        .values({ name: `${row}`.padStart(200, 'x') })
        .execute();
    return { before, damagedCopy };
  } finally {
    await database.close();
  }
}

async function overwrite(at: number, length: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(length, 0xd7), 0, length, at);
  await handle.close();
}

describe('a database that can be begun anew', () => {
  test('is left alone when it is whole', async () => {
    expect(await visit(3)).toEqual({ before: 0, damagedCopy: null });
    expect(await visit(0)).toEqual({ before: 3, damagedCopy: null });
  });

  test.each([
    ['its first bytes are', 0, 512],
    ['a page of its tables is', 20_480, 4_096],
    ['all but its first page is', 4_096, 40_960],
  ])('is kept aside and begun anew when %s damaged', async (_what, at, length) => {
    await visit(200);
    await overwrite(at, length);
    const damaged = await readFile(file);
    const found = await visit(1);
    expect(found).toEqual({ before: 0, damagedCopy: `${file}.damaged` });
    expect(Buffer.compare(await readFile(`${file}.damaged`), damaged)).toBe(0);
    expect((await stat(`${file}.damaged`)).mode & 0o777).toBe(0o600);
    expect(await visit(0)).toEqual({ before: 1, damagedCopy: null });
  });

  test('never meets the log of the damaged one', async () => {
    await visit(200);
    await truncate(file, 6_000);
    await writeFile(`${file}-wal`, 'what the damaged one had still to take in');
    expect((await visit(1)).damagedCopy).toBe(`${file}.damaged`);
    expect(await visit(0)).toEqual({ before: 1, damagedCopy: null });
  });

  test('a second damage replaces the copy of the first', async () => {
    for (const round of [1, 2]) {
      await visit(100 * round);
      await overwrite(0, 512);
      expect((await visit(0)).damagedCopy).toBe(`${file}.damaged`);
    }
  });

  test('a folder that is not there is no damage', async () => {
    file = join(folder, 'absent', 'visits.db');
    await expect(visit(0)).rejects.toMatchObject({ kind: 'storage-failed' });
  });
});
