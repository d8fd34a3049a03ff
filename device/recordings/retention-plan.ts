import type { RecordingSummary } from './index-schema.ts';

export type RemovalReason =
  | 'older-than-camera-keeps'
  | 'older-than-device-keeps'
  | 'camera-over-its-bytes'
  | 'device-over-its-bytes'
  | 'space-needed';

export interface Removal {
  recording: RecordingSummary;
  reason: RemovalReason;
}

export interface RunningBoot {
  id: string;
  /** What makes its boot time the wall time that is believed now. */
  wallOffsetMs: number;
}

export interface RetentionFacts {
  /** null while the clock is not set: nothing is old then. */
  nowWallMs: number | null;
  boot: RunningBoot;
  freeBytes: number;
  /** Of all recordings that count, those being written included. */
  recordingsBytes: number;
  bytesByCamera: ReadonlyMap<string, number>;
  /** What is about to be written. */
  neededBytes: number;
  /** The disk said that it is full, whatever it says about its free space. */
  diskSaysFull: boolean;
}

export interface RetentionLimits {
  maxBytes: number | null;
  maxAgeDays: number | null;
  /** Kept free beside the reserve. */
  minFreeBytes: number;
  /** Never used. */
  reserveBytes: number;
  cameras: ReadonlyMap<string, { maxAgeDays: number | null; maxBytes: number | null }>;
}

export interface RetentionCandidates {
  /** Closed recordings, the oldest of the whole device, and of each camera that has limits of its own. */
  unprotected: readonly RecordingSummary[];
  protected: readonly RecordingSummary[];
}

export interface RetentionPlan {
  removals: Removal[];
  /** Free space that is still missing from reserve and need when all of them are gone. */
  shortBytes: number;
}

const dayMs = 86_400_000;
/** The earliest time that there is. */
const beforeAllMs = -8_640_000_000_000_000;
const reserveShare = 0.05;
const reserveMaxBytes = 536_870_912;

/** 512 MiB, which holds an update, or a twentieth of a volume too small for that. */
export function reserveOf(totalBytes: number): number {
  return Math.floor(Math.min(reserveMaxBytes, totalBytes * reserveShare));
}

/**
 * Which recordings go now, and why; oldest first. Age and byte limits never take a protected recording; only the reserve does,
 * when no other is left. A recording whose time is approximate is never called old.
 */
export function planRetention(facts: RetentionFacts, limits: RetentionLimits, candidates: RetentionCandidates): RetentionPlan {
  const gone = new Map<string, Removal>();
  const bytes = { all: facts.recordingsBytes, free: facts.freeBytes, byCamera: new Map(facts.bytesByCamera) };
  const remove = (recording: RecordingSummary, reason: RemovalReason): void => {
    if (gone.has(recording.id)) return;
    gone.set(recording.id, { recording, reason });
    bytes.all -= recording.sizeBytes;
    bytes.free += recording.sizeBytes;
    bytes.byCamera.set(recording.cameraId, (bytes.byCamera.get(recording.cameraId) ?? 0) - recording.sizeBytes);
  };
  const unprotected = oldestFirst(candidates.unprotected, facts);
  for (const recording of unprotected) {
    const own = limits.cameras.get(recording.cameraId);
    if (isOlder(recording, facts.nowWallMs, own?.maxAgeDays ?? null)) remove(recording, 'older-than-camera-keeps');
    else if (isOlder(recording, facts.nowWallMs, limits.maxAgeDays)) remove(recording, 'older-than-device-keeps');
  }
  for (const recording of unprotected) {
    const maxBytes = limits.cameras.get(recording.cameraId)?.maxBytes ?? null;
    if (maxBytes !== null && (bytes.byCamera.get(recording.cameraId) ?? 0) > maxBytes) remove(recording, 'camera-over-its-bytes');
  }
  for (const recording of unprotected) {
    if (limits.maxBytes !== null && bytes.all > limits.maxBytes) remove(recording, 'device-over-its-bytes');
  }
  const mustBeFree = limits.reserveBytes + facts.neededBytes;
  const isShort = (wantedBytes: number): boolean => bytes.free < wantedBytes || (facts.diskSaysFull && gone.size === 0);
  for (const recording of unprotected) {
    if (isShort(mustBeFree + limits.minFreeBytes)) remove(recording, 'space-needed');
  }
  for (const recording of candidates.protected) {
    if (isShort(mustBeFree)) remove(recording, 'space-needed');
  }
  return { removals: [...gone.values()], shortBytes: Math.max(0, mustBeFree - bytes.free) };
}

/** By when they were made, as far as is known now. */
export function oldestFirst(recordings: readonly RecordingSummary[], facts: RetentionFacts): RecordingSummary[] {
  return recordings.toSorted((one, other) => madeWallMs(one, facts) - madeWallMs(other, facts));
}

/**
 * When it was made, to tell what is older. What is dated in the future was made by a clock that was ahead: of this boot the boot time tells
 * when that was, and another boot was before it. By its date it would outlive all that is made until that date comes.
 */
function madeWallMs(recording: RecordingSummary, { nowWallMs, boot }: RetentionFacts): number {
  if (nowWallMs === null || recording.startWallMs <= nowWallMs) return recording.startWallMs;
  return recording.bootId === boot.id ? recording.startBootMs + boot.wallOffsetMs : beforeAllMs + recording.startWallMs;
}

function isOlder(recording: RecordingSummary, nowWallMs: number | null, maxAgeDays: number | null): boolean {
  if (nowWallMs === null || maxAgeDays === null || recording.clock !== 'set') return false;
  return recording.startWallMs + recording.durationMs < nowWallMs - maxAgeDays * dayMs;
}
