import type { CameraSource, ProbeResult, RtspSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { LumaPicture, Packet, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { Light } from './light-watch.ts';
import type { PiCamera } from './pi-camera-list.ts';

/** The face of this room. Nothing outside it knows which program or protocol the pictures come from. */

/** The main stream was fine when this happened: a new session with `useSubStream: false` will record on. */
export class SubStreamFailure extends Failure {}

/** What went wrong with the sub-stream, as such; other errors as they are. */
export function ofSubStream(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const options = error.action === undefined ? { cause: error } : { action: error.action, cause: error };
  return new SubStreamFailure(error.kind, `The sub-stream has a problem: ${error.message}`, options);
}

export interface CaptureSink {
  /** Once, before the first packet. */
  format(format: StreamFormat): void;
  packet(packet: TimedPacket): void;
  /** A picture for detection, as seldom as detection can live with. */
  picture(picture: LumaPicture): void;
  /** Something the owner should know though the camera works. */
  note(note: string): void;
  /** Day or night began, as the sensor sees it; also once soon after the start. Only where a sensor tells. */
  light?(light: Light): void;
}

export interface SessionOptions {
  audio: boolean;
  /** null: nobody detects, decode nothing. Height follows the picture's shape. */
  detectionWidth: number | null;
  /** False after a sub-stream failed: detection then lives on the main stream's key pictures. */
  useSubStream: boolean;
}

export function wantsSubStream(source: CameraSource, options: SessionOptions): source is RtspSource & { subUrl: string } {
  return source.kind === 'rtsp' && source.subUrl !== undefined && options.useSubStream && options.detectionWidth !== null;
}

export interface CaptureSession {
  /**
   * Delivers until the signal is aborted (then returns) or the stream ends, stalls, changes its format or cannot be opened
   * (then throws a Failure that says why, without credentials). Never retries by itself; one session object is run once.
   */
  run(signal: AbortSignal, sink: CaptureSink): Promise<void>;
}

export interface PictureOptions {
  /** Wider pictures are scaled down to it, shape kept. */
  maxWidth: number;
}

export interface Capture {
  session(source: CameraSource, options: SessionOptions): CaptureSession;
  /** Opens the source for a moment and says what it found, or throws the Failure that says what is wrong. */
  probe(source: CameraSource, signal: AbortSignal): Promise<ProbeResult>;
  /** What is plugged into the Pi's camera connectors; none where this is no Pi or its programs are missing. */
  piCameras(): Promise<PiCamera[]>;
  /** A JPEG as large as the sensor. Its session pauses meanwhile, ends with RestartAtOnce and says so when it is back. Pi cameras alone. */
  still(source: CameraSource): Promise<Uint8Array>;
  /** Opens the source for one JPEG; for a camera that is not added yet. */
  preview(source: CameraSource, options: PictureOptions, signal: AbortSignal): Promise<Uint8Array>;
  /** JPEG of the last picture that `packets` (video, beginning with a key picture) lead to. */
  jpeg(format: StreamFormat, packets: readonly Packet[], options: PictureOptions, signal: AbortSignal): Promise<Uint8Array>;
  /** Decodes a running stream (beginning with a key picture) into JPEGs at no more than `framesPerSecond`. */
  jpegs(
    format: StreamFormat,
    packets: AsyncIterable<TimedPacket>,
    options: PictureOptions & { framesPerSecond: number },
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>;
  /** Decodes a stretch of a stream (beginning with a key picture) into small grey pictures; for a detector that was woken between key pictures. */
  lumas(
    format: StreamFormat,
    packets: AsyncIterable<TimedPacket>,
    options: { width: number; framesPerSecond: number },
    signal: AbortSignal,
  ): AsyncIterable<LumaPicture>;
}
