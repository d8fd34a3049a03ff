import type { PiSource } from '#device/contract/contract.ts';

/** Pure builders of what rpicam-vid is told. Everything is written `--name=value`, so that a negative value is no option. */

/** The Pi's image processor: `vc4` up to the Pi 4, with a hardware encoder; `pisp` on the Pi 5, without one. */
export type PiBoard = 'vc4' | 'pisp' | 'unknown';

export const keyIntervalSeconds = 2;

/** Where what leaves rpicam-vid is written to. */
export interface PiOutputs {
  /** Must end in `.264`: by that the software encoder of the Pi 5 knows what to write, and only then it tells of each picture. */
  video: string;
  metadata: string;
}

/** The small pictures straight from the image processor: the file that describes the stage, and the folder with its library. */
export interface LumaStage {
  configuration: string;
  libraries: string;
}

export interface VideoPlan {
  source: PiSource;
  cameraIndex: number;
  board: PiBoard;
  /** Whether this rpicam-vid has that option: older ones end at the first that they do not know. */
  knows(option: string): boolean;
  outputs: PiOutputs;
  stage: LumaStage | null;
}

/** What H.264 needs for a picture that is worth keeping, between a thumbnail's and 12 Mbit/s. */
const bitsPerPixel = 0.07;

/** What level 4.0 ends at, which the hardware encoder takes when it is not told another: 245 760 macroblocks. */
const level4PixelsPerSecond = 245_760 * 256;

export function bitsPerSecondOf({ width, height, framesPerSecond, bitsPerSecond }: PiSource): number {
  return bitsPerSecond ?? Math.round(Math.min(12_000_000, Math.max(400_000, width * height * framesPerSecond * bitsPerPixel)));
}

type Options = [name: string, value: string | number | true | undefined][];

export function videoArguments(plan: VideoPlan): string[] {
  const { source, outputs, stage } = plan;
  const { width, height, framesPerSecond } = source;
  const options: Options = [
    ['camera', plan.cameraIndex],
    ['nopreview', true],
    ['timeout', 0],
    // Asked to end by an x on stdin: SIGTERM ends it in the middle of a picture.
    ['keypress', true],
    ['width', width],
    ['height', height],
    ['framerate', framesPerSecond],
    ['codec', 'h264'],
    ['bitrate', bitsPerSecondOf(source)],
    ['level', width * height * framesPerSecond > level4PixelsPerSecond ? '4.2' : undefined],
    ['intra', framesPerSecond * keyIntervalSeconds],
    ['inline', true],
    ['flush', true],
    ['output', outputs.video],
    ...imageOptions(source, plan.board),
  ];
  const optional: Options = [
    // Only the software encoder listens to it; without it that one sends B-frames.
    ['low-latency', true],
    ['metadata', outputs.metadata],
    ['metadata-format', 'json'],
    ...(stage ? stageOptions(stage) : []),
  ];
  return [...options, ...optional.filter(([name]) => plan.knows(name))].flatMap(written);
}

function imageOptions(source: PiSource, board: PiBoard): Options {
  const { exposure = {}, whiteBalance = {}, focus, region } = source;
  const { redGain, blueGain } = whiteBalance;
  return [
    ['rotation', source.rotation],
    ['hflip', source.mirror ? true : undefined],
    ['hdr', source.hdr],
    ['tuning-file', source.tuningFile === undefined ? undefined : tuningPath(source.tuningFile, board)],
    ['roi', region ? [region.x, region.y, region.width, region.height].join(',') : undefined],
    ['autofocus-mode', focus?.mode],
    ['autofocus-range', focus?.range],
    ['lens-position', focus?.mode === 'manual' ? (focus.lensPosition ?? 0) : undefined],
    ['exposure', exposure.mode],
    ['shutter', exposure.shutterUs],
    ['gain', exposure.gain],
    ['ev', exposure.ev],
    ['metering', exposure.metering],
    ['flicker-period', exposure.flickerHz === undefined ? undefined : `${Math.floor(500_000 / exposure.flickerHz)}us`],
    ['awb', whiteBalance.mode],
    ['awbgains', redGain !== undefined && blueGain !== undefined ? `${redGain},${blueGain}` : undefined],
    ['brightness', source.brightness],
    ['contrast', source.contrast],
    ['saturation', source.saturation],
    ['sharpness', source.sharpness],
    ['denoise', source.denoise],
  ];
}

/** What a still picture looks like: as the video does, with the lens moved just before it where that is the camera's to do. */
export function stillArguments(source: PiSource, board: PiBoard): string[] {
  const { mode } = source.focus ?? {};
  const options: Options = [
    ...imageOptions(source, board),
    ['autofocus-on-capture', mode === 'auto' || mode === 'continuous' ? true : undefined],
  ];
  return options.flatMap(written);
}

function stageOptions({ configuration, libraries }: LumaStage): Options {
  return [
    ['post-process-file', configuration],
    ['post-process-libs', libraries],
  ];
}

/** What tells the stage its size and where to write; the height follows the picture's shape and is even. */
export function stageDescription(source: PiSource, width: number, pipe: string): object {
  const loresHeight = Math.max(2, Math.round((width * source.height) / source.width / 2) * 2);
  return {
    'rpicam-apps': { lores: { width, height: loresHeight, format: 'yuv420' } },
    'kerberos-luma': { output: pipe, every: Math.max(1, Math.round(source.framesPerSecond / lumaPicturesPerSecond)) },
  };
}

/** Enough to see somebody run through a narrow picture; detection takes half a millisecond for each. */
export const lumaPicturesPerSecond = 5;

function written([name, value]: Options[number]): string[] {
  if (value === undefined) return [];
  return [value === true ? `--${name}` : `--${name}=${value}`];
}

/** libcamera keeps a folder of tuning files for each image processor, and takes whole paths alone. */
function tuningPath(file: string, board: PiBoard): string {
  return file.includes('/') ? file : `/usr/share/libcamera/ipa/rpi/${board === 'pisp' ? 'pisp' : 'vc4'}/${file}`;
}
