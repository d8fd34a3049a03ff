import type { Box, RecordingSettings } from '#device/contract/contract.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** What one camera's pipeline tells its recorder. All calls return at once; writing happens behind a bounded queue. Times are boot-clock milliseconds. */
export interface Recorder {
  configure(settings: RecordingSettings, cameraName: string): void;
  /** A new capture session: whatever was being written is closed. */
  begin(format: StreamFormat): void;
  packet(packet: TimedPacket): void;
  motionStarted(motion: { startBootMs: number; boxes: Box[]; score: number }): void;
  motionEnded(endBootMs: number): void;
  /** Because somebody or something asks for it, in whatever mode; prolongs one that is on. What happened at a moment is recorded with its pre-roll. */
  recordUntil(untilBootMs: number, happenedBootMs: number | null): void;
  stopManual(): void;
  /** The capture session ended. */
  end(): void;
  readonly isRecording: boolean;
  /** The recording that holds the moment, or null. */
  recordingAt(bootMs: number): string | null;
  /** Writes what is pending and closes; what was asked for is over. */
  close(): Promise<void>;
}
