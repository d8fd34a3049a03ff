import { sql } from 'kysely';
import { z } from 'zod';
import type { ClockTrust, Event, EventKind } from '#device/contract/contract.ts';
import { boxSchema, eventKinds } from '#device/contract/contract.ts';
import type { Migrations } from '#device/kernel/database.ts';

/** A row of `events`. Wall times are milliseconds since 1970, boot times of the boot named. */
export interface EventsTable {
  id: string;
  cameraId: string | null;
  kind: EventKind;
  bootId: string;
  startBootMs: number;
  startWallMs: number;
  /** The newest sign of it: where it ends when nobody could say so. */
  updatedBootMs: number;
  updatedWallMs: number;
  endBootMs: number | null;
  endWallMs: number | null;
  clock: ClockTrust;
  score: number | null;
  boxes: string;
  zones: string;
  recordingId: string | null;
  message: string | null;
  /** 0: none. */
  pictureBytes: number;
}

export interface EventsTables {
  events: EventsTable;
}

/** This room's part of the index file. */
export const eventsMigrations: Migrations = {
  '001-events': {
    up: async (db) => {
      const statements = [
        sql`CREATE TABLE events (
          id TEXT NOT NULL PRIMARY KEY,
          cameraId TEXT,
          kind TEXT NOT NULL,
          bootId TEXT NOT NULL,
          startBootMs REAL NOT NULL,
          startWallMs INTEGER NOT NULL,
          updatedBootMs REAL NOT NULL,
          updatedWallMs INTEGER NOT NULL,
          endBootMs REAL,
          endWallMs INTEGER,
          clock TEXT NOT NULL CHECK (clock IN ('set', 'approximate')),
          score REAL,
          boxes TEXT NOT NULL,
          zones TEXT NOT NULL,
          recordingId TEXT,
          message TEXT,
          pictureBytes INTEGER NOT NULL DEFAULT 0 CHECK (pictureBytes >= 0)
        ) STRICT`,
        sql`CREATE INDEX events_by_time ON events (startWallMs)`,
        sql`CREATE INDEX events_by_camera ON events (cameraId, startWallMs)`,
        sql`CREATE INDEX events_by_kind ON events (kind, startWallMs)`,
        sql`CREATE INDEX events_by_boot ON events (bootId) WHERE clock = 'approximate'`,
        sql`CREATE INDEX events_open ON events (id) WHERE endWallMs IS NULL`,
        sql`CREATE INDEX events_with_picture ON events (startWallMs, pictureBytes) WHERE pictureBytes > 0`,
      ];
      for (const statement of statements) await statement.execute(db);
    },
  },
};

/** What an older release finds of kinds that came later is kept and not shown. */
export function isKnown({ kind }: EventsTable): boolean {
  return eventKinds.includes(kind);
}

export function toEvent(row: EventsTable): Event {
  return {
    id: row.id,
    cameraId: row.cameraId,
    kind: row.kind,
    start: new Date(row.startWallMs).toISOString(),
    end: row.endWallMs === null ? null : new Date(row.endWallMs).toISOString(),
    score: row.score,
    boxes: parsed(z.array(boxSchema), row.boxes),
    zones: parsed(z.array(z.string()), row.zones),
    recordingId: row.recordingId,
    message: row.message,
    hasPicture: row.pictureBytes > 0,
    clock: row.clock,
  };
}

/** Details that a damaged file lost are no reason to lose the event. */
function parsed<T>(schema: z.ZodType<T[]>, text: string): T[] {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
