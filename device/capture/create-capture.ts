import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Capture } from './capture.ts';
import { FfmpegSession } from './ffmpeg-session.ts';
import { inputOpener } from './open-input.ts';
import { decodePicture, decodeToJpegs, decodeToLumas } from './pictures.ts';
import { probeSource } from './probe.ts';
import type { AudioMode } from './session-arguments.ts';
import { takeStill } from './still.ts';
import type { UsbPort } from './usb-input.ts';
import { probeBySession } from './usb-probe.ts';
import { type Deadlines, defaultDeadlines } from './watch.ts';

export interface CaptureDeps {
  clock: Clock;
  logger: Logger;
  /** Absent where there are no USB cameras to be opened. */
  usb?: UsbPort;
  ffmpegPath?: string;
  ffprobePath?: string;
  deadlines?: Partial<Deadlines>;
}

export function createCapture(deps: CaptureDeps): Capture {
  const { clock, logger, ffmpegPath = 'ffmpeg', ffprobePath = 'ffprobe' } = deps;
  const audioModes = new Map<string, AudioMode>();
  const deadlines = { ...defaultDeadlines, ...deps.deadlines };
  const decoder = { clock, ffmpegPath };
  const inputs = inputOpener(deps.usb ?? null);
  const session: Capture['session'] = (source, options) =>
    new FfmpegSession({ clock, logger, ffmpegPath, inputs, audioModes, deadlines }, source, options);
  return {
    session,
    probe: (source, signal) => {
      if (source.kind !== 'usb') return probeSource({ clock, ffprobePath, inputs }, source, signal);
      return probeBySession(session(source, { audio: false, detectionWidth: null, useSubStream: false }), clock, signal);
    },
    still: (source, options, signal) => takeStill({ clock, ffmpegPath, inputs }, source, options, signal),
    jpeg: (format, packets, options, signal) => decodePicture(decoder, { format, packets, ...options }, signal),
    jpegs: (format, packets, options, signal) => decodeToJpegs(decoder, { format, packets, ...options }, signal),
    lumas: (format, packets, options, signal) => decodeToLumas(decoder, { format, packets, ...options }, signal),
  };
}
