import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Capture } from './capture.ts';
import { FfmpegSession } from './ffmpeg-session.ts';
import { inputOpener } from './open-input.ts';
import { PiDevice, type PiDeviceDeps } from './pi-device.ts';
import { probePi } from './pi-probe.ts';
import { PiSession } from './pi-session.ts';
import { PiStills, type PiStillsDeps } from './pi-stills.ts';
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
  /** Where the things of a Raspberry Pi are; the system's own places when absent. */
  pi?: Omit<PiDeviceDeps, 'clock'>;
  stills?: Partial<Pick<PiStillsDeps, 'raspistillPath' | 'deadlineMs'>>;
}

export function createCapture(deps: CaptureDeps): Capture {
  const { clock, logger, ffmpegPath = 'ffmpeg', ffprobePath = 'ffprobe' } = deps;
  const audioModes = new Map<string, AudioMode>();
  const deadlines = { ...defaultDeadlines, ...deps.deadlines };
  const decoder = { clock, ffmpegPath };
  const pi = new PiDevice({ ...deps.pi, clock });
  const stills = new PiStills({ clock, pi, ...deps.stills });
  return {
    session: (source, options) =>
      source.kind === 'pi'
        ? new PiSession({ clock, pi, decoder, deadlines }, source, options)
        : new FfmpegSession({ clock, logger, ffmpegPath, inputs: inputOpener, audioModes, deadlines }, source, options),
    probe: (source, signal) =>
      source.kind === 'pi' ? probePi(pi, source) : probeSource({ clock, ffprobePath, inputs: inputOpener }, source, signal),
    piCameras: () => pi.found(),
    still: (source) => stills.take(source),
    jpeg: (format, packets, options, signal) => decodePicture(decoder, { format, packets, ...options }, signal),
    jpegs: (format, packets, options, signal) => decodeToJpegs(decoder, { format, packets, ...options }, signal),
    lumas: (format, packets, options, signal) => decodeToLumas(decoder, { format, packets, ...options }, signal),
  };
}
