import { type Kysely, sql } from 'kysely';
import type { Migrations } from '#device/kernel/database.ts';

/** Times are wall-clock milliseconds. */
export interface AccessTables {
  users: {
    id: string;
    username: string;
    passwordHash: string;
    createdMs: number;
  };
  sessions: {
    /** Of the cookie's value; the value itself is known to the browser alone. */
    hash: string;
    userId: string;
    createdMs: number;
    expiresMs: number;
  };
  tokens: {
    id: string;
    name: string;
    /** JSON list. */
    scopes: string;
    hash: string;
    createdMs: number;
    lastUsedMs: number | null;
  };
}

export const accessMigrations: Migrations = {
  '0001-users-sessions-tokens': { up: createTables },
};

async function createTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE users (
      id TEXT PRIMARY KEY,
      username TEXT NOT NULL UNIQUE COLLATE NOCASE,
      passwordHash TEXT NOT NULL,
      createdMs INTEGER NOT NULL
    ) STRICT`.execute(db);
  await sql`
    CREATE TABLE sessions (
      hash TEXT PRIMARY KEY,
      userId TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      createdMs INTEGER NOT NULL,
      expiresMs INTEGER NOT NULL
    ) STRICT`.execute(db);
  await sql`CREATE INDEX sessionsOfUser ON sessions (userId, createdMs)`.execute(db);
  await sql`
    CREATE TABLE tokens (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      scopes TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      createdMs INTEGER NOT NULL,
      lastUsedMs INTEGER
    ) STRICT`.execute(db);
}
