import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { VideoTrack } from '#device/media/packet.ts';
import type { Capture } from './capture.ts';
import { FfmpegSession } from './ffmpeg-session.ts';
import { KeyDecoder, pictureSizeOf } from './key-decoder.ts';
import { inputOpener } from './open-input.ts';
import { PiDevice, type PiDeviceDeps } from './pi-device.ts';
import { probePi } from './pi-probe.ts';
import { PiSession } from './pi-session.ts';
import { PiStills, type PiStillsDeps } from './pi-stills.ts';
import { type DecoderDeps, decodePicture, decodeToJpegs, decodeToLumas } from './pictures.ts';
import { PreferredSession } from './preferred-session.ts';
import { takePreview } from './preview.ts';
import { probeSource } from './probe.ts';
import { DirectSession, mayBeDirect } from './rtsp/direct-session.ts';
import type { AudioMode } from './session-arguments.ts';
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
  /** Where the things of a Raspberry Pi are; the system's own places when absent. */
  pi?: Omit<PiDeviceDeps, 'clock'>;
  stills?: Partial<Pick<PiStillsDeps, 'raspistillPath' | 'deadlineMs'>>;
}

export function createCapture(deps: CaptureDeps): Capture {
  const { clock, logger, ffmpegPath = 'ffmpeg', ffprobePath = 'ffprobe' } = deps;
  const audioModes = new Map<string, AudioMode>();
  const deadlines = { ...defaultDeadlines, ...deps.deadlines };
  const decoder = { clock, ffmpegPath };
  const notForDirect = new Set<string>();
  const keyDecoders = keyDecodersOf(decoder);
  const pi = new PiDevice({ ...deps.pi, clock });
  const stills = new PiStills({ clock, pi, ...deps.stills });
  const inputs = inputOpener(deps.usb ?? null);
  const session: Capture['session'] = (source, options) => {
    if (source.kind === 'pi') return new PiSession({ clock, pi, decoder, deadlines }, source, options);
    const general = new FfmpegSession({ clock, logger, ffmpegPath, inputs, audioModes, deadlines }, source, options);
    const key = JSON.stringify([source, options.audio]);
    if (!mayBeDirect(source) || notForDirect.has(key)) return general;
    const direct = new DirectSession({ clock, deadlines, decoder: keyDecoders }, source, options);
    return new PreferredSession({ logger, direct, general, remember: () => notForDirect.add(key) });
  };
  return {
    session,
    probe: (source, signal) => {
      if (source.kind === 'pi') return probePi(pi, source);
      if (source.kind !== 'usb') return probeSource({ clock, ffprobePath, inputs }, source, signal);
      return probeBySession(session(source, { audio: false, detectionWidth: null, useSubStream: false }), clock, signal);
    },
    piCameras: () => pi.found(),
    still: (source) => stills.take(source),
    preview: (source, options, signal) =>
      source.kind === 'pi' ? stills.take(source) : takePreview({ clock, ffmpegPath, inputs }, source, options, signal),
    jpeg: (format, packets, options, signal) => decodePicture(decoder, { format, packets, ...options }, signal),
    jpegs: (format, packets, options, signal) => decodeToJpegs(decoder, { format, packets, ...options }, signal),
    lumas: (format, packets, options, signal) => decodeToLumas(decoder, { format, packets, ...options }, signal),
  };
}

/** One for each codec and size of pictures, shared by all cameras. */
function keyDecodersOf(deps: DecoderDeps): (track: VideoTrack, width: number) => KeyDecoder {
  const decoders = new Map<string, KeyDecoder>();
  return (track, width) => {
    const size = pictureSizeOf(track, width);
    const key = `${track.codec} ${size.width}x${size.height}`;
    const known = decoders.get(key) ?? new KeyDecoder(deps, size);
    decoders.set(key, known);
    return known;
  };
}
