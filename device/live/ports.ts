import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';

/** What this room needs of others; assembly joins them. */

export interface PicturesPort {
  /** JPEG of the last picture that `packets` (video, beginning with a key picture) lead to. */
  jpeg(format: StreamFormat, packets: readonly TimedPacket[], options: { maxWidth: number }, signal: AbortSignal): Promise<Uint8Array>;
  /** Decodes a running stream (beginning with a key picture). Ends with its input or when aborted. */
  jpegs(
    format: StreamFormat,
    packets: AsyncIterable<TimedPacket>,
    options: { maxWidth: number; framesPerSecond: number },
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>;
}

/** One browser that watches. Nothing here awaits it. */
export interface Viewer {
  send(message: string | Uint8Array): void;
  /** Bytes handed to `send` that have not left yet. */
  bufferedBytes(): number;
  /** It is hopelessly slow, or its camera was removed. */
  close?(): void;
}

export interface TimedJpeg {
  jpeg: Uint8Array;
  /** Milliseconds between the picture and now. */
  ageMs: number;
}
