import type { CameraSource } from '#device/contract/contract.ts';
import { demoKeyIntervalFrames, demoVideoEncoder } from './demo-scene.ts';
import type { SourceInput } from './source-input.ts';

/** Pure builders of what ffmpeg is told. Descriptors of the child: 1 video, 3 script in, 4 pictures, 5 their times, 6 sound. */

export const pictureFd = 4;
export const pictureTimeFd = 5;
export const audioFd = 6;

/** Added to all times that leave ffmpeg, since decode times of a stream with B-frames begin below zero and MP4 has none there. Seconds. */
export const outputOffsetSeconds = 10;

/** `copy` for AAC, `encode` for everything else, `none` for no sound at all. */
export type AudioMode = 'copy' | 'encode' | 'none';

const quiet = ['-hide_banner', '-nostats', '-loglevel', 'error'];

/** Fragments of one frame each, with decode times as they are. `moov`: at once, or after the first picture. */
function fragmentedMp4(fd: number, moov: 'empty_moov' | 'delay_moov' = 'empty_moov'): string[] {
  return [
    ...['-avoid_negative_ts', 'disabled', '-output_ts_offset', String(outputOffsetSeconds)],
    ...['-f', 'mp4', '-movflags', `${moov}+default_base_moof+frag_every_frame+frag_discont`, '-use_editlist', '0'],
    ...['-flush_packets', '1', `pipe:${fd}`],
  ];
}

const audioEncoders: Record<Exclude<AudioMode, 'none'>, string[]> = {
  copy: ['-c:a', 'copy'],
  encode: ['-c:a', 'aac', '-b:a', '48k', '-ac', '1', '-af', 'aresample=async=1000'],
};

/**
 * Sound has an output of its own: in one MP4 with the video, frames would wait for it, a sound track that stays silent would hold up
 * everything, and ffmpeg 5's muxer writes wrong decode times when fragments of one frame are interleaved.
 */
function packetOutputs(video: string[], audio: AudioMode, moov?: 'delay_moov'): string[] {
  const sound = audio === 'none' ? [] : ['-map', '0:a:0', ...audioEncoders[audio], ...fragmentedMp4(audioFd)];
  return ['-map', '0:v:0', '-an', ...video, '-copypriorss', '1', ...fragmentedMp4(1, moov), ...sound];
}

/** Grey pictures (PGM) on one pipe and on another, a line ahead, the time of each in milliseconds: PGM carries none. */
function pictureOutput(size: string, before: string[] = []): string[] {
  const filters = [
    ...before,
    `scale=${size}:flags=area`,
    'format=gray',
    'settb=1/1000',
    'metadata=mode=add:key=size:value=1',
    `metadata=mode=print:file=pipe\\\\:${pictureTimeFd}:direct=1`,
  ];
  return [
    ...['-map', '0:v:0', '-an', '-vf', filters.join(','), '-fps_mode', 'passthrough'],
    ...['-c:v', 'pgm', '-f', 'image2pipe', '-flush_packets', '1', `pipe:${pictureFd}`],
  ];
}

/** Of that width, or as wide as the camera's when that is less, and as high as its shape wants. */
const upToWidth = (width: number) => `w='min(${width},iw)':h=-2`;

/** Smoothing block edges takes a seventh of the decoder's time and is not seen in a picture a sixth as wide; nothing that is decoded refers to them. */
const keyPicturesOnly = ['-skip_frame', 'nokey', '-skip_loop_filter', 'all', '-threads', '1', '-flags', 'low_delay'];

export interface SessionPlan {
  kind: CameraSource['kind'];
  input: SourceInput;
  audio: AudioMode;
  /** Width of the pictures decoded from the main stream; null when none are wanted of it. */
  pictureWidth: number | null;
}

/** The one child that brings the camera's packets and, when nothing better does, its key pictures. */
export function sessionArguments({ kind, input, audio, pictureWidth }: SessionPlan): string[] {
  if (kind === 'demo') {
    const everyKey = [`select='not(mod(n,${demoKeyIntervalFrames}))'`];
    const pictures = pictureWidth === null ? [] : pictureOutput(upToWidth(pictureWidth), everyKey);
    return [...quiet, ...input.args, ...packetOutputs(demoVideoEncoder, audio), ...pictures];
  }
  if (input.encoding) {
    const { video, pictures: some, lateHeader } = input.encoding;
    const pictures = pictureWidth === null ? [] : pictureOutput(upToWidth(pictureWidth), [some]);
    return [...quiet, ...input.args, ...packetOutputs(video, audio, lateHeader ? 'delay_moov' : undefined), ...pictures];
  }
  const decoding = pictureWidth === null ? [] : keyPicturesOnly;
  const pictures = pictureWidth === null ? [] : pictureOutput(upToWidth(pictureWidth));
  return [...quiet, ...decoding, ...input.args, ...packetOutputs(['-c:v', 'copy'], audio), ...pictures];
}

/** The child that brings nothing but the sub-stream's key pictures. */
export function subStreamArguments(input: SourceInput, pictureWidth: number): string[] {
  return [...quiet, ...keyPicturesOnly, ...input.args, ...pictureOutput(upToWidth(pictureWidth))];
}

export interface PictureSize {
  width: number;
  height: number;
}

/**
 * The child that decodes key pictures handed to it, whoever's they are: fragmented MP4 on stdin, whose times say which picture is which.
 * All come out in one size: ffmpeg keeps the size of the first for those that follow.
 */
export function keyDecoderArguments({ width, height }: PictureSize): string[] {
  const input = ['-copyts', '-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0', '-f', 'mp4', '-i', 'pipe:0'];
  return [...quiet, '-nostdin', ...keyPicturesOnly, ...input, ...pictureOutput(`${width}:${height}`)];
}
