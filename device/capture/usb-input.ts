import { existsSync } from 'node:fs';
import type { UsbDevice, UsbSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { type Encoder, encodingFor } from './encoding.ts';
import type { OpenInput } from './source-input.ts';
import { type ChosenMode, chooseMode, type OfferedMode } from './usb-mode.ts';

/** What capture needs to know of USB cameras; whoever watches them tells it. */
export interface UsbPort {
  /** Throws a Failure `camera-unreachable` when it is not plugged in. */
  find(device: UsbDevice, signal: AbortSignal): Promise<{ path: string; label: string; modes: readonly OfferedMode[] }>;
  hasHardwareEncoder(): Promise<boolean>;
  /** Sets what was chosen in the camera itself; answers what could not be set, in a person's words. */
  applyControls(path: string, controls: Readonly<Record<string, number>>, signal: AbortSignal): Promise<string[]>;
}

const formatNames = { h264: 'H.264', mjpeg: 'Motion JPEG', raw: 'uncompressed pictures' };

export async function openUsb(port: UsbPort, source: UsbSource): Promise<OpenInput> {
  const { signal } = new AbortController();
  const camera = await port.find(source.device, signal);
  const mode = chooseMode(camera.modes, source);
  const encoder: Encoder = (await port.hasHardwareEncoder()) ? 'h264_v4l2m2m' : 'libx264';
  const refused = await port.applyControls(camera.path, source.controls ?? {}, signal);
  return {
    input: { args: usbArguments(camera.path, mode), script: null, secrets: [], encoding: encodingFor(mode, encoder) },
    notes: [...notesOn(mode, source, encoder), ...refused],
    trouble: () => (existsSync(camera.path) ? null : unplugged(camera.label)),
    close: async () => {},
  };
}

/** Input options for a mode; pure. */
export function usbArguments(path: string, mode: ChosenMode): string[] {
  return [
    ...['-f', 'v4l2', '-thread_queue_size', '64', '-input_format', mode.inputFormat, '-video_size', `${mode.width}x${mode.height}`],
    ...(mode.framesPerSecond === null ? [] : ['-framerate', String(mode.framesPerSecond)]),
    ...(mode.format === 'h264' ? [] : ['-fpsprobesize', '0', '-analyzeduration', '0']),
    ...['-i', path],
  ];
}

/** What happens to the pictures and what it costs is never left unsaid. */
function notesOn(mode: ChosenMode, source: UsbSource, encoder: Encoder): string[] {
  const notes: string[] = [];
  if (mode.width !== source.width || mode.height !== source.height) {
    notes.push(`The camera does not offer ${source.width}×${source.height}; it delivers ${mode.width}×${mode.height}, the nearest to it.`);
  }
  if (mode.framesPerSecond !== null && mode.framesPerSecond < source.framesPerSecond - 0.5) {
    notes.push(`The camera delivers no more than ${mode.framesPerSecond} frames a second at this size.`);
  }
  if (mode.format === 'h264') return notes;
  const from = `The camera delivers ${formatNames[mode.format]}; this device encodes it to H.264`;
  notes.push(
    encoder === 'libx264'
      ? `${from} with its processor, since it has no encoder of its own. A smaller size or fewer frames a second cost less; a camera that delivers H.264 costs nothing.`
      : `${from} with the encoder in its board, which serves about one camera at 1920×1080 and 30 frames a second.`,
  );
  return notes;
}

function unplugged(label: string): Failure {
  return new Failure('camera-unreachable', `The camera was unplugged: ${label} is not on USB any more.`, {
    action: 'Plug it in again: it goes on at once, as the same camera. Check cable and power supply if nobody unplugged it.',
  });
}
