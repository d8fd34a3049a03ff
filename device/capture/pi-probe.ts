import type { PiSource, ProbeResult } from '#device/contract/contract.ts';
import { bitsPerSecondOf, keyIntervalSeconds, type PiBoard } from './pi-arguments.ts';
import { fastestRate, type PiCamera } from './pi-camera-list.ts';
import type { PiDevice } from './pi-device.ts';

/** The hardware encoder's largest picture, in pixels a second: 1920×1080 at 30. */
const encoderPixels = { width: 1920, height: 1080, perSecond: 1920 * 1080 * 30 };

/** What a Pi camera will give. It is looked up, not opened: its sensor may be filming already, and serves one program at a time. */
export async function probePi(pi: PiDevice, source: PiSource): Promise<ProbeResult> {
  const [camera, board, libraries] = await Promise.all([pi.find(source), pi.board(), pi.stageLibraries()]);
  const { width, height, framesPerSecond } = source;
  return {
    stream: {
      videoCodec: 'h264',
      videoCodecString: 'avc1.640028',
      width,
      height,
      framesPerSecond,
      audioCodec: null,
      keyIntervalMs: keyIntervalSeconds * 1000,
      bitsPerSecond: bitsPerSecondOf(source),
    },
    subStream: null,
    audioFound: null,
    summary: `${camera.model} (${camera.id}): ${width}×${height} H.264 at ${framesPerSecond} frames a second, ${encoderWords(board)}`,
    warnings: [...sizeWarnings(source, camera, board), ...boardWarnings(board, libraries !== null)],
  };
}

function encoderWords(board: PiBoard): string {
  if (board === 'unknown') return 'by an encoder that is not known here';
  return board === 'vc4' ? 'by the hardware encoder' : 'encoded in software';
}

function sizeWarnings(source: PiSource, camera: PiCamera, board: PiBoard): string[] {
  const { width, height, framesPerSecond } = source;
  const warnings: string[] = [];
  if (width > camera.width || height > camera.height) {
    warnings.push(`The sensor has ${camera.width}×${camera.height} pixels: a larger picture only takes more space.`);
  }
  const fastest = fastestRate(camera, width, height);
  if (fastest !== null && framesPerSecond > fastest) {
    warnings.push(`At this size the sensor gives at most ${Math.floor(fastest)} pictures a second.`);
  }
  const isTooMuch =
    width > encoderPixels.width || height > encoderPixels.height || width * height * framesPerSecond > encoderPixels.perSecond;
  if (board === 'vc4' && isTooMuch) warnings.push('The hardware encoder of this Pi takes 1920×1080 at 30 pictures a second at most.');
  return warnings;
}

function boardWarnings(board: PiBoard, hasStage: boolean): string[] {
  const warnings: string[] = [];
  if (board === 'pisp') {
    warnings.push('A Pi 5 has no hardware encoder: it encodes in software, which takes a good part of a processor core at 1920×1080.');
  }
  if (!hasStage)
    warnings.push(
      'Small pictures straight from the image processor are not to be had here: motion is looked for in a full picture every 2 seconds.',
    );
  return warnings;
}
