import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Capture } from './capture.ts';
import { FfmpegSession } from './ffmpeg-session.ts';
import { inputOpener } from './open-input.ts';
import { decodePicture, decodeToJpegs, decodeToLumas } from './pictures.ts';
import { probeSource } from './probe.ts';
import type { AudioMode } from './session-arguments.ts';
import { type Deadlines, defaultDeadlines } from './watch.ts';

export interface CaptureDeps {
  clock: Clock;
  logger: Logger;
  ffmpegPath?: string;
  ffprobePath?: string;
  deadlines?: Partial<Deadlines>;
}

export function createCapture(deps: CaptureDeps): Capture {
  const { clock, logger, ffmpegPath = 'ffmpeg', ffprobePath = 'ffprobe' } = deps;
  const audioModes = new Map<string, AudioMode>();
  const deadlines = { ...defaultDeadlines, ...deps.deadlines };
  const decoder = { clock, ffmpegPath };
  return {
    session: (source, options) =>
      new FfmpegSession({ clock, logger, ffmpegPath, inputs: inputOpener, audioModes, deadlines }, source, options),
    probe: (source, signal) => probeSource({ clock, ffprobePath, inputs: inputOpener }, source, signal),
    jpeg: (format, packets, options, signal) => decodePicture(decoder, { format, packets, ...options }, signal),
    jpegs: (format, packets, options, signal) => decodeToJpegs(decoder, { format, packets, ...options }, signal),
    lumas: (format, packets, options, signal) => decodeToLumas(decoder, { format, packets, ...options }, signal),
  };
}
