import { sql } from 'kysely';
import type { ClockTrust, RecordingState, RecordingTrigger } from '#device/contract/contract.ts';
import type { Migrations } from '#device/kernel/database.ts';
import type { RecordingRow } from './model.ts';

/** A row of `recordings`. Flags are 0 or 1, times milliseconds. Lists read this table only: parts are elsewhere, so that a page of rows stays small. */
export interface RecordingsTable {
  id: string;
  cameraId: string;
  cameraName: string;
  path: string;
  bootId: string;
  startBootMs: number;
  startWallMs: number;
  clock: ClockTrust;
  durationMs: number;
  sizeBytes: number;
  initBytes: number;
  trigger: RecordingTrigger;
  state: RecordingState;
  protected: 0 | 1;
  repaired: 0 | 1;
  videoCodecString: string;
  width: number;
  height: number;
  hasAudio: 0 | 1;
  regionX: number;
  regionY: number;
  regionWidth: number;
  regionHeight: number;
  changes: number;
}

export interface RecordingPartsTable {
  recordingId: string;
  /** See part-list.ts. */
  parts: Uint8Array;
}

/** Kept by triggers of the database: what all recordings of a camera weigh, without adding them up. */
export interface RecordingTotalsTable {
  cameraId: string;
  recordings: number;
  sizeBytes: number;
}

/** Which volume the recordings are on; one row. */
export interface RecordingVolumeTable {
  name: 'main';
  id: string;
}

export interface RecordingsTables {
  recordings: RecordingsTable;
  recording_parts: RecordingPartsTable;
  recording_totals: RecordingTotalsTable;
  recording_volume: RecordingVolumeTable;
}

/** What a list shows: a row without its parts. */
export type RecordingSummary = Omit<RecordingRow, 'parts'>;

export function toTable(row: RecordingSummary): RecordingsTable {
  return {
    id: row.id,
    cameraId: row.cameraId,
    cameraName: row.cameraName,
    path: row.path,
    bootId: row.bootId,
    startBootMs: row.startBootMs,
    startWallMs: Math.round(row.startWallMs),
    clock: row.clock,
    durationMs: Math.round(row.durationMs),
    sizeBytes: row.sizeBytes,
    initBytes: row.initBytes,
    trigger: row.trigger,
    state: row.state,
    protected: row.protected ? 1 : 0,
    repaired: row.repaired ? 1 : 0,
    videoCodecString: row.videoCodecString,
    width: row.width,
    height: row.height,
    hasAudio: row.hasAudio ? 1 : 0,
    regionX: Math.round(row.region.x),
    regionY: Math.round(row.region.y),
    regionWidth: Math.round(row.region.width),
    regionHeight: Math.round(row.region.height),
    changes: Math.round(row.changes),
  };
}

export function fromTable(stored: RecordingsTable): RecordingSummary {
  const { regionX, regionY, regionWidth, regionHeight, ...rest } = stored;
  return {
    ...rest,
    protected: stored.protected === 1,
    repaired: stored.repaired === 1,
    hasAudio: stored.hasAudio === 1,
    region: { x: regionX, y: regionY, width: regionWidth, height: regionHeight },
  };
}

const tables = [
  sql`CREATE TABLE recordings (
    id TEXT NOT NULL PRIMARY KEY,
    cameraId TEXT NOT NULL,
    cameraName TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    bootId TEXT NOT NULL,
    startBootMs REAL NOT NULL,
    startWallMs INTEGER NOT NULL,
    clock TEXT NOT NULL CHECK (clock IN ('set', 'approximate')),
    durationMs INTEGER NOT NULL CHECK (durationMs >= 0),
    sizeBytes INTEGER NOT NULL CHECK (sizeBytes >= 0),
    initBytes INTEGER NOT NULL CHECK (initBytes >= 0),
    "trigger" TEXT NOT NULL CHECK ("trigger" IN ('motion', 'continuous', 'manual')),
    state TEXT NOT NULL CHECK (state IN ('writing', 'closed', 'deleting', 'quarantined')),
    protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
    repaired INTEGER NOT NULL CHECK (repaired IN (0, 1)),
    videoCodecString TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    hasAudio INTEGER NOT NULL CHECK (hasAudio IN (0, 1)),
    regionX INTEGER NOT NULL,
    regionY INTEGER NOT NULL,
    regionWidth INTEGER NOT NULL,
    regionHeight INTEGER NOT NULL,
    changes INTEGER NOT NULL
  ) STRICT`,
  sql`CREATE TABLE recording_parts (
    recordingId TEXT NOT NULL PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
    parts BLOB NOT NULL
  ) STRICT`,
  sql`CREATE TABLE recording_totals (
    cameraId TEXT NOT NULL PRIMARY KEY,
    recordings INTEGER NOT NULL,
    sizeBytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE recording_volume (name TEXT NOT NULL PRIMARY KEY CHECK (name = 'main'), id TEXT NOT NULL) STRICT, WITHOUT ROWID`,
];

const indexes = [
  // Holds all that a timeline asks for, so that a day of it is read in one place.
  sql`CREATE INDEX recordings_by_camera ON recordings (cameraId, startWallMs, id, durationMs, "trigger", state)`,
  sql`CREATE INDEX recordings_by_time ON recordings (startWallMs, id)`,
  sql`CREATE INDEX recordings_by_trigger ON recordings ("trigger", startWallMs, id)`,
  sql`CREATE INDEX recordings_by_boot ON recordings (bootId) WHERE clock = 'approximate'`,
  sql`CREATE INDEX recordings_unfinished ON recordings (state) WHERE state <> 'closed'`,
  sql`CREATE INDEX recordings_protected ON recordings (startWallMs, id) WHERE protected = 1`,
  sql`CREATE INDEX recordings_to_go ON recordings (startWallMs) WHERE state = 'closed' AND protected = 0`,
  sql`CREATE INDEX recordings_to_go_by_camera ON recordings (cameraId, startWallMs) WHERE state = 'closed' AND protected = 0`,
];

/** Quarantined and vanishing recordings weigh nothing here: they are not shown and not retention's to choose. */
const counted = `state IN ('writing', 'closed')`;

const totals = [
  sql.raw(`CREATE TRIGGER recordings_added AFTER INSERT ON recordings BEGIN
    INSERT INTO recording_totals VALUES (NEW.cameraId, NEW.${counted}, CASE WHEN NEW.${counted} THEN NEW.sizeBytes ELSE 0 END)
      ON CONFLICT (cameraId) DO UPDATE SET recordings = recordings + excluded.recordings, sizeBytes = sizeBytes + excluded.sizeBytes;
  END`),
  sql.raw(`CREATE TRIGGER recordings_removed AFTER DELETE ON recordings WHEN OLD.${counted} BEGIN
    UPDATE recording_totals SET recordings = recordings - 1, sizeBytes = sizeBytes - OLD.sizeBytes WHERE cameraId = OLD.cameraId;
  END`),
  sql.raw(`CREATE TRIGGER recordings_changed AFTER UPDATE OF state, sizeBytes ON recordings BEGIN
    UPDATE recording_totals SET
      recordings = recordings + (NEW.${counted}) - (OLD.${counted}),
      sizeBytes = sizeBytes + CASE WHEN NEW.${counted} THEN NEW.sizeBytes ELSE 0 END - CASE WHEN OLD.${counted} THEN OLD.sizeBytes ELSE 0 END
    WHERE cameraId = NEW.cameraId;
  END`),
];

/** This room's part of the index file. */
export const recordingsMigrations: Migrations = {
  '001-recordings': {
    up: async (db) => {
      for (const statement of [...tables, ...indexes, ...totals]) await statement.execute(db);
    },
  },
};
