import type { TimedPacket } from './packet.ts';

/** A group of pictures: a key picture and everything until the next one, audio that arrived between included. */
export interface Gop {
  /** Boot-clock time of its key picture, milliseconds. */
  startBootMs: number;
  packets: TimedPacket[];
  sizeBytes: number;
}
