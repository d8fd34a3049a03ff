import type { CaptureSession, CaptureSink } from '#device/capture/capture.ts';
import type { CameraSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** A sink that keeps everything, and waits. */
export class CollectedCapture implements CaptureSink {
  readonly formats: StreamFormat[] = [];
  readonly packets: TimedPacket[] = [];
  readonly pictures: LumaPicture[] = [];
  readonly notes: string[] = [];
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  format(format: StreamFormat): void {
    this.formats.push(format);
    this.#check();
  }

  packet(packet: TimedPacket): void {
    this.packets.push(packet);
    this.#check();
  }

  picture(picture: LumaPicture): void {
    this.pictures.push(picture);
    this.#check();
  }

  note(note: string): void {
    this.notes.push(note);
    this.#check();
  }

  get video(): TimedPacket[] {
    return this.packets.filter((packet) => packet.track === 'video');
  }

  get audio(): TimedPacket[] {
    return this.packets.filter((packet) => packet.track === 'audio');
  }

  /** Resolves as soon as it is true, asked again at everything that comes in. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  #check(): void {
    this.#waiting = this.#waiting.filter((waiter) => {
      if (!waiter.holds()) return true;
      waiter.resolve();
      return false;
    });
  }
}

/** Runs the session until `enough` holds, then aborts it and waits for its end. Rejects with what the session throws before. */
export async function captureUntil(session: CaptureSession, enough: (sink: CollectedCapture) => boolean): Promise<CollectedCapture> {
  const sink = new CollectedCapture();
  const stop = new AbortController();
  const running = session.run(stop.signal, sink);
  await Promise.race([sink.until(() => enough(sink)), running]);
  stop.abort();
  await running;
  return sink;
}

export function rtspSource(url: string, more: Partial<Extract<CameraSource, { kind: 'rtsp' }>> = {}): CameraSource {
  return { kind: 'rtsp', url, transport: 'tcp', ...more };
}

/** The Failure it ends with; throws when it ends otherwise. */
export async function failureOf(running: Promise<unknown>): Promise<Failure> {
  const error = await running.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`expected a Failure, got ${error}`);
  return error;
}
