import * as nodeFileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failingAtCall } from '#device/testing/failing-file-system.ts';
import { type Migrations, openDatabase, type Restored } from './database.ts';
import type { BackupFileSystem } from './schema-backup.ts';
import { openSoundDatabase } from './sound-database.ts';

interface Tables {
  visit: { name: string };
}

interface Release {
  release: string;
  migrations: Migrations;
}

const visit: Migrations = {
  '001-visit': { up: async (db) => void (await sql`CREATE TABLE visit (name TEXT NOT NULL) STRICT`.execute(db)) },
};
const withHour: Migrations = {
  ...visit,
  '002-hour': { up: async (db) => void (await sql`ALTER TABLE visit ADD COLUMN hour INTEGER NOT NULL DEFAULT 0`.execute(db)) },
};
const withGuest: Migrations = {
  ...withHour,
  '003-guest': { up: async (db) => void (await sql`ALTER TABLE visit RENAME COLUMN name TO guest`.execute(db)) },
};
const old: Release = { release: '1.0.0', migrations: visit };
const next: Release = { release: '1.1.0', migrations: withHour };
const newest: Release = { release: '1.2.0', migrations: withGuest };

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await nodeFileSystem.mkdtemp(join(tmpdir(), 'schema-backup-'));
  file = join(folder, 'visits.db');
});

afterEach(() => nodeFileSystem.rm(folder, { recursive: true }));

/** The release starts, notes a visit and stops; answers whose visits it found. */
async function live({ release, migrations }: Release, name: string): Promise<{ found: string[]; restored: Restored | null }> {
  const { write, restored, close } = await openDatabase<Tables>({ file, room: 'visits', migrations, release });
  const { rows } = await sql<Record<string, string>>`SELECT * FROM visit ORDER BY 1`.execute(write);
  await sql`INSERT INTO visit VALUES (${name}${sql.raw(migrations['002-hour'] ? ', 8' : '')})`.execute(write);
  await close();
  return { found: rows.map((row) => row['name'] ?? row['guest'] ?? ''), restored };
}

/** The release starts, and the power fails at the n-th step of what it does to files. Answers whether it came so far. */
async function dieAt(call: number, { release, migrations }: Release): Promise<boolean> {
  const { fileSystem, hasFailed } = failingAtCall<BackupFileSystem>(nodeFileSystem, call);
  const opened = await openDatabase<Tables>({ file, room: 'visits', migrations, release, fileSystem }).catch(() => null);
  await opened?.close();
  return hasFailed();
}

describe('a database whose schema a newer release changed', () => {
  test('is brought forward, with a backup of what was there', async () => {
    await live(old, 'Ada');
    expect(await live(next, 'Ben')).toEqual({ found: ['Ada'], restored: null });
    const backup = join(folder, 'visits.db.schema-001-visit');
    expect((await nodeFileSystem.stat(backup)).mode & 0o777).toBe(0o600);
  });

  test('gives way to the backup when the older release runs again, and is kept aside', async () => {
    await live(old, 'Ada');
    await live(next, 'Ben');
    const { found, restored } = await live(old, 'Cid');
    expect(found).toEqual(['Ada']);
    expect(restored).toEqual({ fromRelease: '1.1.0', newerCopy: `${file}.newer` });
    expect((await live(old, 'Dan')).found).toEqual(['Ada', 'Cid']);
    expect((await openKept()).toSorted()).toEqual(['Ada', 'Ben']);
  });

  async function openKept(): Promise<string[]> {
    const { read, close } = await openDatabase<Tables>({ file: `${file}.newer`, room: 'visits', migrations: withHour });
    const rows = await read.selectFrom('visit').select('name').execute();
    await close();
    return rows.map(({ name }) => name);
  }

  test('goes forth and back and forth again with what was written last under the older release', async () => {
    await live(old, 'Ada');
    await live(next, 'Ben');
    await live(old, 'Cid');
    expect((await live(next, 'Dan')).found).toEqual(['Ada', 'Cid']);
    expect((await live(old, 'Eve')).found).toEqual(['Ada', 'Cid']);
  });

  test('is given back to the release in between when two schemas lie ahead, and to the first as well', async () => {
    await live(old, 'Ada');
    await live(next, 'Ben');
    await live(newest, 'Cid');
    expect((await live(next, 'Dan')).found).toEqual(['Ada', 'Ben']);
    await live(newest, 'Eve');
    expect((await live(old, 'Fay')).found).toEqual(['Ada']);
  });

  test('takes back what its own release left unfinished in the log', async () => {
    await live(old, 'Ada');
    await live(next, 'Ben');
    // A crash: the log is not folded in.
    const { write } = await openDatabase<Tables>({ file, room: 'visits', ...next });
    await sql`INSERT INTO visit VALUES ('Cid', 9)`.execute(write);
    await nodeFileSystem.cp(file, join(folder, 'crashed.db'));
    await nodeFileSystem.cp(`${file}-wal`, join(folder, 'crashed.db-wal'));
    await write.destroy();
    await nodeFileSystem.rename(join(folder, 'crashed.db'), file);
    await nodeFileSystem.rename(join(folder, 'crashed.db-wal'), `${file}-wal`);
    expect((await live(old, 'Dan')).found).toEqual(['Ada']);
    expect((await openKept()).toSorted()).toEqual(['Ada', 'Ben', 'Cid']);
  });

  test('survives a power cut at every step forth', async () => {
    await live(old, 'Ada');
    let steps = 0;
    for (let call = 1; await dieAt(call, next); call += 1) {
      steps = call;
      expect((await live(old, `after ${call}`)).found).toContain('Ada');
    }
    expect(steps).toBeGreaterThanOrEqual(5);
    expect((await live(next, 'Ben')).found).toHaveLength(steps + 1);
    expect((await live(old, 'Cid')).found).toHaveLength(steps + 1);
  });

  test('survives a power cut at every step back', async () => {
    await live(old, 'Ada');
    await live(next, 'Ben');
    let steps = 0;
    for (let call = 1; await dieAt(call, old); call += 1) {
      steps = call;
      // Either release can be the one that starts after the power came back, and finds a whole file.
      await nodeFileSystem.cp(folder, `${folder}-fork`, { recursive: true });
      const forked = await openDatabase<Tables>({ file: join(`${folder}-fork`, 'visits.db'), room: 'visits', ...next });
      expect(await forked.read.selectFrom('visit').select('name').where('name', '=', 'Ada').execute()).toHaveLength(1);
      await forked.close();
      await nodeFileSystem.rm(`${folder}-fork`, { recursive: true });
    }
    expect(steps).toBeGreaterThanOrEqual(8);
    expect((await live(old, 'Cid')).found).toEqual(['Ada']);
  });

  test('is not changed where there is no room for the backup, unless it can be made anew', async () => {
    await live(old, 'Ada');
    const full: BackupFileSystem = { ...nodeFileSystem, statfs: (async () => ({ bavail: 1, bsize: 4096 })) as never };
    const options = { file, room: 'visits', ...next, fileSystem: full };
    await expect(openDatabase<Tables>(options)).rejects.toMatchObject({ kind: 'storage-full' });
    expect((await live(old, 'Ben')).found).toEqual(['Ada']);
    await (await openDatabase<Tables>({ ...options, canBeMadeAnew: true })).close();
    expect((await live(next, 'Cid')).found).toEqual(['Ada', 'Ben']);
  });

  test('is refused by an older release when no backup is there, and begun anew where it can be', async () => {
    await live(next, 'Ben');
    await expect(live(old, 'Ada')).rejects.toMatchObject({ kind: 'conflict' });
    const { database, newerCopy, damagedCopy } = await openSoundDatabase<Tables>({ file, room: 'visits', ...old });
    expect({ newerCopy, damagedCopy }).toEqual({ newerCopy: `${file}.newer`, damagedCopy: null });
    expect(await database.read.selectFrom('visit').selectAll().execute()).toEqual([]);
    await database.close();
    expect(await openKept()).toEqual(['Ben']);
  });
});
