import type {
  Box,
  CameraChange,
  CameraConfig,
  CameraSource,
  CameraState,
  MotionSettings,
  NewCamera,
  NoticeKind,
  ProbeResult,
  RecordingSettings,
} from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { LumaPicture, Packet, StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** What a camera's pipeline needs of the other rooms; assembly joins them. Times are boot-clock milliseconds. */

export interface SessionSink {
  format(format: StreamFormat): void;
  packet(packet: TimedPacket): void;
  picture(picture: LumaPicture): void;
  note(note: string): void;
  light(light: SensorLight): void;
}

/** What a sensor says of the light on it. */
export interface SensorLight {
  state: 'day' | 'night';
  lux: number | null;
  gain: number | null;
}

export interface SessionWish {
  audio: boolean;
  detectionWidth: number | null;
  useSubStream: boolean;
}

export interface CapturePort {
  session(source: CameraSource, wish: SessionWish): { run(signal: AbortSignal, sink: SessionSink): Promise<void> };
  probe(source: CameraSource, signal: AbortSignal): Promise<ProbeResult>;
  jpeg(format: StreamFormat, packets: readonly Packet[], options: { maxWidth: number }, signal: AbortSignal): Promise<Uint8Array>;
  lumas(
    format: StreamFormat,
    packets: AsyncIterable<TimedPacket>,
    options: { width: number; framesPerSecond: number },
    signal: AbortSignal,
  ): AsyncIterable<LumaPicture>;
  /** True for failures of the sub-stream alone: the main stream is worth trying without it. */
  isSubStreamFailure(failure: unknown): boolean;
}

export interface RecorderPort {
  configure(settings: RecordingSettings, cameraName: string): void;
  begin(format: StreamFormat): void;
  packet(packet: TimedPacket): void;
  motionStarted(motion: { startBootMs: number; boxes: Box[]; score: number }): void;
  motionEnded(endBootMs: number): void;
  /** `happenedBootMs`: of this moment, and the pre-roll before it; null for what somebody wants from now on. */
  recordUntil(untilBootMs: number, happenedBootMs: number | null): void;
  stopManual(): void;
  end(): void;
  readonly isRecording: boolean;
  recordingAt(bootMs: number): string | null;
}

export interface Observation {
  bootMs: number;
  score: number;
  threshold: number;
  boxes: Box[];
  zones: string[];
  globalChange: boolean;
}

export interface MotionFinding {
  startBootMs: number;
  score: number;
  boxes: Box[];
  zones: string[];
  bestBootMs: number;
}

export type MotionStep =
  | ({ phase: 'started' } & MotionFinding)
  | ({ phase: 'updated' } & MotionFinding)
  | ({ phase: 'ended'; endBootMs: number } & MotionFinding);

export interface DetectionPort {
  detector(settings: MotionSettings): {
    observe(picture: LumaPicture): Observation;
    configure(settings: MotionSettings): void;
    /** The whole picture changes by light alone: what was learnt of it is old. */
    lightChanged(): void;
  };
  tracker(): {
    observe(observation: Observation): MotionStep[];
    tick(bootMs: number): MotionStep[];
    stop(bootMs: number): MotionStep[];
  };
  gate(format: StreamFormat): { observe(packet: TimedPacket): boolean; falseWake(): void };
}

export interface LivePort {
  begin(format: StreamFormat): void;
  packet(packet: TimedPacket): void;
  end(): void;
  observation(observation: { score: number; threshold: number; moving: boolean; boxes: Box[] }): void;
  state(state: CameraState): void;
}

/** Of each kind the one that began then. */
export interface NoticeBegun {
  kind: NoticeKind;
  startBootMs: number;
}

/** Where what happened is written down. Calls return at once and keep their order. */
export interface JournalPort {
  motionStarted(cameraId: string, finding: MotionFinding): void;
  motionUpdated(cameraId: string, finding: MotionFinding): void;
  motionEnded(cameraId: string, finding: MotionFinding & { endBootMs: number }): void;
  /** The picture of the moment that shows the motion event with this start best; may come after its end. */
  motionPicture(cameraId: string, startBootMs: number, jpeg: Uint8Array): void;
  /** The recording in which the motion event with this start begins. */
  motionRecording(cameraId: string, startBootMs: number, recordingId: string): void;
  offline(cameraId: string, message: string, bootMs: number): void;
  /** It delivers (again). Worth writing down only when it was offline, be it before a restart of its pipeline. */
  online(cameraId: string, bootMs: number): void;
  /** What the camera noticed by itself begins; one of a kind at a time. */
  noticeStarted(cameraId: string, notice: NoticeBegun & { message: string }): void;
  noticeEnded(cameraId: string, notice: NoticeBegun, endBootMs: number): void;
  /** May come after its end. */
  noticePicture(cameraId: string, notice: NoticeBegun, jpeg: Uint8Array): void;
  noticeRecording(cameraId: string, notice: NoticeBegun, recordingId: string): void;
  /** Day turned into night for its sensor, or night into day. */
  lightChanged(cameraId: string, state: 'day' | 'night', message: string, bootMs: number): void;
}

/** What a camera says that it notices. */
export interface Notice {
  kind: NoticeKind;
  /** Tells apart what notices it: two rules, two inputs. */
  key: string;
  /** `moment`: it has no length, or no end is told. */
  active: boolean | 'moment';
}

/** Where what a camera notices goes. */
export interface NoticeSink {
  heard(notices: readonly Notice[]): void;
  /** Nothing is heard any more for now: what lasts may have ended. */
  lost(): void;
  /** Why nothing is heard, for its owner; null when all is well. */
  note(note: string | null): void;
}

/** What a strained machine gives up for a while; recording is never part of it. */
export interface Thrift {
  /** Motion is looked for once a second at most. */
  fewerLooks: boolean;
  noEventPictures: boolean;
  /** No decoder is woken between key pictures. */
  noDecodingBetween: boolean;
}

export interface SettingsPort {
  cameras(): readonly CameraConfig[];
  addCamera(camera: NewCamera): Promise<CameraConfig>;
  changeCamera(id: string, change: CameraChange): Promise<CameraConfig>;
  removeCamera(id: string): Promise<void>;
}

export interface PipelineDeps {
  clock: Clock;
  logger: Logger;
  random(): number;
  wallOf(bootMs: number): number;
  capture: CapturePort;
  recorder: RecorderPort;
  /** Writes what is pending, closes, and lets the recorder go: a later pipeline of this camera gets a fresh one, or this one while it still writes. */
  releaseRecorder(): Promise<void>;
  live: LivePort;
  detection: DetectionPort;
  journal: JournalPort;
  /** As it is now. */
  thrift(): Thrift;
  /** State, motion or notes changed. */
  onChange(): void;
}
