import type { UsbSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';

/** One way in which a USB camera can deliver, as its driver names it. */
export interface OfferedMode {
  /** The four letters of V4L2. */
  format: string;
  width: number;
  height: number;
  framesPerSecond: readonly number[];
}

export type UsbFormat = 'h264' | 'mjpeg' | 'raw';

export interface ChosenMode {
  format: UsbFormat;
  /** ffmpeg's name of it. */
  inputFormat: string;
  width: number;
  height: number;
  /** What the camera is asked for; null when it does not say what it can. */
  framesPerSecond: number | null;
  /** What is kept of it: cameras often know no rate as low as the one wanted. */
  keptFramesPerSecond: number;
}

const inputFormats: Readonly<Record<string, readonly [UsbFormat, string]>> = {
  H264: ['h264', 'h264'],
  MJPG: ['mjpeg', 'mjpeg'],
  JPEG: ['mjpeg', 'mjpeg'],
  YUYV: ['raw', 'yuyv422'],
  UYVY: ['raw', 'uyvy422'],
  YVYU: ['raw', 'yvyu422'],
  NV12: ['raw', 'nv12'],
  YU12: ['raw', 'yuv420p'],
  RGB3: ['raw', 'rgb24'],
  BGR3: ['raw', 'bgr24'],
  GREY: ['raw', 'gray'],
};

/** Above it a raw picture takes most of what a USB 2 bus carries, and leaves nothing for a second camera. */
const mostRawPixels = 640 * 480;

/**
 * The mode that comes nearest to what is wanted: size first, then rate, then what costs this device least: H.264 is copied as it is,
 * small raw pictures need no decoding, Motion JPEG needs both. Throws a Failure `camera-unsupported-codec` when nothing fits.
 */
export function chooseMode(
  offered: readonly OfferedMode[],
  wanted: Pick<UsbSource, 'width' | 'height' | 'framesPerSecond' | 'format'>,
): ChosenMode {
  const usable = offered.flatMap((mode) => {
    const known = inputFormats[mode.format];
    if (!known || (wanted.format !== 'auto' && known[0] !== wanted.format)) return [];
    return [{ ...mode, kind: known[0], inputFormat: known[1], rate: rateFor(mode.framesPerSecond, wanted.framesPerSecond) }];
  });
  const [best] = usable.toSorted(
    (one, other) =>
      sizeDistance(one, wanted) - sizeDistance(other, wanted) ||
      rateShortfall(one.rate, wanted.framesPerSecond) - rateShortfall(other.rate, wanted.framesPerSecond) ||
      dearness(one) - dearness(other),
  );
  if (!best) throw nothingFits(wanted.format);
  const { kind: format, inputFormat, width, height, rate } = best;
  const keptFramesPerSecond =
    format === 'h264' ? (rate ?? wanted.framesPerSecond) : Math.min(rate ?? wanted.framesPerSecond, wanted.framesPerSecond);
  return { format, inputFormat, width, height, framesPerSecond: rate, keptFramesPerSecond };
}

/** The slowest that is fast enough, else the fastest. */
function rateFor(rates: readonly number[], wanted: number): number | null {
  const enough = rates.filter((rate) => rate >= wanted - 0.5);
  if (enough.length > 0) return Math.min(...enough);
  return rates.length > 0 ? Math.max(...rates) : null;
}

/** A picture larger than wanted costs twice what one smaller than wanted lacks. */
function sizeDistance(mode: { width: number; height: number }, wanted: { width: number; height: number }): number {
  const ratio = Math.log((mode.width * mode.height) / (wanted.width * wanted.height));
  const shape = Math.abs(Math.log(mode.width / mode.height / (wanted.width / wanted.height)));
  return (ratio > 0 ? 2 * ratio : -ratio) + shape;
}

function rateShortfall(rate: number | null, wanted: number): number {
  return rate === null ? 0 : Math.max(0, wanted - rate - 0.5);
}

function dearness({ kind, width, height, inputFormat }: { kind: UsbFormat; width: number; height: number; inputFormat: string }): number {
  if (kind === 'h264') return 0;
  if (kind === 'mjpeg') return 2;
  if (inputFormat === 'gray') return 4;
  return width * height <= mostRawPixels ? 1 : 3;
}

function nothingFits(format: UsbSource['format']): Failure {
  if (format === 'auto') {
    return new Failure('camera-unsupported-codec', 'This USB camera delivers no format that this device knows.', {
      action: 'Use a camera that delivers H.264, Motion JPEG or YUYV; nearly all do.',
    });
  }
  const name = { h264: 'H.264', mjpeg: 'Motion JPEG', raw: 'raw pictures' }[format];
  return new Failure('camera-unsupported-codec', `This USB camera does not deliver ${name}.`, {
    action: 'Let the device choose the format.',
  });
}
