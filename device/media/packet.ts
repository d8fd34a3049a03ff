/** The words of moving pictures inside the device. Nothing here knows where packets come from or go to. */

export type VideoCodec = 'h264' | 'h265' | 'mjpeg';

export interface VideoTrack {
  codec: VideoCodec;
  /** RFC 6381, e.g. `avc1.64001f`. */
  codecString: string;
  width: number;
  height: number;
  /** Ticks a second of this track's times. */
  timescale: number;
  /** One whole ISO BMFF sample entry box (`avc1`, `hvc1`, `mp4v`) with its decoder configuration. */
  sampleEntry: Uint8Array;
}

export interface AudioTrack {
  codec: 'aac';
  codecString: string;
  sampleRateHz: number;
  channels: number;
  timescale: number;
  sampleEntry: Uint8Array;
}

/** What one capture session delivers. Never changes within a session: a camera that changes ends its session. */
export interface StreamFormat {
  video: VideoTrack;
  audio: AudioTrack | null;
}

export interface Packet {
  track: 'video' | 'audio';
  /** Decode time in the track's ticks; rises within a session; both tracks share their zero. */
  dts: number;
  /** Presentation minus decode time, in ticks. */
  compositionOffset: number;
  /** Ticks until the next packet of this track. */
  duration: number;
  /** Decodable without any earlier packet (always true for audio). */
  key: boolean;
  /** Length-prefixed NAL units for H.264 and H.265, one JPEG for MJPEG, a raw AAC frame. */
  data: Uint8Array;
}

/** A packet with the boot-clock time (milliseconds) at which it was presented; smooth, rising, and free of network jitter. */
export interface TimedPacket extends Packet {
  bootMs: number;
}

/** A small grey picture for detection. */
export interface LumaPicture {
  width: number;
  height: number;
  /** width × height bytes, row by row, 0 black to 255 white. */
  luma: Uint8Array;
  bootMs: number;
}
