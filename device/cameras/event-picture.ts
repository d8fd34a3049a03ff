import type { Logger } from '#device/kernel/logger.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import type { CapturePort } from './ports.ts';

/** Pictures of events are for lists and pushes. */
const pictureWidth = 960;

interface EventPictureDeps {
  cameraId: string;
  logger: Logger;
  capture: Pick<CapturePort, 'jpeg'>;
  signal: AbortSignal;
}

/** The JPEG of a moment; null when none can be made of it, which an event can do without. */
export async function eventPicture(
  { format, packets }: { format: StreamFormat; packets: readonly TimedPacket[] },
  { cameraId, logger, capture, signal }: EventPictureDeps,
): Promise<Uint8Array | null> {
  try {
    return await capture.jpeg(format, packets, { maxWidth: pictureWidth }, signal);
  } catch (error) {
    logger.warn({ camera: cameraId, err: error }, 'no picture could be made of an event');
    return null;
  }
}
