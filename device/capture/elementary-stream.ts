import { concat } from '#device/media/mp4/box.ts';
import type { Packet, VideoTrack } from '#device/media/packet.ts';
import { nalUnits, parameterSets } from './parameter-sets.ts';

const startCode = Uint8Array.of(0, 0, 0, 1);

/** A video packet as a decoder's standard input wants it: Annex B with the parameter sets before every key picture, or the JPEG itself. */
export function elementaryBytes(track: VideoTrack, packet: Packet): Uint8Array {
  if (track.codec === 'mjpeg') return packet.data;
  const sets = packet.key ? parameterSets(track) : [];
  return concat([...sets, ...nalUnits(packet.data)].flatMap((nal) => [startCode, nal]));
}

/** What ffmpeg calls that format. */
export const elementaryFormat: Record<VideoTrack['codec'], string> = { h264: 'h264', h265: 'hevc', mjpeg: 'mjpeg' };
