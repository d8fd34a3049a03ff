import { type ClockTrust, limits, type RecordingState, type RecordingTrigger } from '#device/contract/contract.ts';

/** A recording that began longer ago than this is over: the maximum length, and the wait for the key picture that ends it. */
export const longestRecordingMs = limits.maxLengthMaxMs + 120_000;

/** One `moof`+`mdat` of a recording's file. */
export interface Part {
  /** Of its first video packet, milliseconds since the recording's start. */
  startMs: number;
  durationMs: number;
  /** Byte position and length in the file. */
  offset: number;
  length: number;
  /** Begins with a key picture: playback can start here. */
  key: boolean;
}

/** A recording as the index knows it. Wall times are milliseconds since 1970. */
export interface RecordingRow {
  id: string;
  cameraId: string;
  cameraName: string;
  /** Relative to the recordings folder, forward slashes. */
  path: string;
  bootId: string;
  startBootMs: number;
  startWallMs: number;
  clock: ClockTrust;
  durationMs: number;
  sizeBytes: number;
  /** Bytes of `ftyp` and `moov` at the head of the file: the HLS map and every export need them. */
  initBytes: number;
  trigger: RecordingTrigger;
  state: RecordingState;
  protected: boolean;
  repaired: boolean;
  videoCodecString: string;
  width: number;
  height: number;
  hasAudio: boolean;
  /** Where it moved most, for names that a Kerberos Vault understands: pixels x, y, width, height of the main picture. */
  region: { x: number; y: number; width: number; height: number };
  /** How much changed there, in the same tradition; -1 for continuous. */
  changes: number;
  /** In file order. */
  parts: Part[];
}
