import type { RecordingSettings, StorageSettings } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { TimePort } from './recorder-time.ts';
import type { Shelf } from './removal.ts';
import type { Finding } from './repair.ts';

/** What the writing half needs of the rest of the device. Settings are asked for when they are needed, so that a change needs no restart. */
export interface RecordingsSurroundings {
  clock: Clock;
  time: TimePort;
  /** IANA name. */
  timeZone(): string;
  storageSettings(): StorageSettings;
  /** Of all cameras there are, by id. */
  cameraSettings(): ReadonlyMap<string, RecordingSettings>;
  logger: Logger;
}

export interface RecordingsOptions extends Shelf, RecordingsSurroundings {
  counter: { diskBytes: number; videoBytes: number };
  unlock(): Promise<void>;
  /** null: it could not be put in order yet. */
  startFindings: readonly Finding[] | null;
  /** With which it begins, untold. */
  problem: Failure | null;
  mayBeAbsent: boolean;
  newId(): string;
  ringBytes: number;
  queueBytes: number;
}
