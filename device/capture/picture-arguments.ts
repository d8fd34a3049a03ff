import type { VideoCodec } from '#device/media/packet.ts';
import { elementaryFormat } from './elementary-stream.ts';

/** Pure builders for decoders that are fed on stdin and answer on stdout. */

const quiet = ['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'error'];

/** Packets come without times: frames are numbered, none is repeated or left out. Probing ends with the first parameter sets. */
function input(codec: VideoCodec): string[] {
  return [
    ...['-flags', 'low_delay', '-threads', '1', '-probesize', '32', '-analyzeduration', '0'],
    ...['-f', elementaryFormat[codec], '-i', 'pipe:0', '-map', '0:v:0', '-fps_mode', 'passthrough'],
  ];
}

function scaledTo(width: number): string {
  return `scale=w='min(${width},iw)':h=-2:flags=area`;
}

/** Every picture is encoded, only the last one is used: cheap beside decoding, and ffmpeg cannot say "the last". */
export function jpegArguments(codec: VideoCodec, maxWidth: number): string[] {
  return [...quiet, ...input(codec), '-vf', scaledTo(maxWidth), '-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg', 'pipe:1'];
}

export function jpegsArguments(codec: VideoCodec, options: { maxWidth: number; framesPerSecond: number }): string[] {
  // Times of arrival: what a stream on stdin has instead of its own.
  const pace = `setpts='(RTCTIME-RTCSTART)/(TB*1000000)',select='isnan(prev_selected_t)+gte(t-prev_selected_t,${(1 / options.framesPerSecond).toFixed(4)}-0.01)'`;
  return [
    ...[...quiet, ...input(codec), '-vf', `${pace},${scaledTo(options.maxWidth)}`],
    ...['-c:v', 'mjpeg', '-q:v', '5', '-f', 'mjpeg', '-flush_packets', '1', 'pipe:1'],
  ];
}

export function lumasArguments(codec: VideoCodec, width: number): string[] {
  return [
    ...[...quiet, ...input(codec), '-vf', `${scaledTo(width)},format=gray`],
    ...['-c:v', 'pgm', '-f', 'image2pipe', '-flush_packets', '1', 'pipe:1'],
  ];
}
