import type { ChosenMode } from './usb-mode.ts';

/** How pictures that come unencoded, or as JPEGs, are made into a stream that is recorded. */
export interface Encoding {
  /** Output options of the recorded stream. */
  video: string[];
  /** Filter that picks the pictures for detection from those that are decoded anyway. */
  pictures: string;
  /** The encoder tells its parameter sets with the first picture only, so that the header of the stream must wait for it. */
  lateHeader: boolean;
}

export type Encoder = 'h264_v4l2m2m' | 'libx264';

const keyIntervalSeconds = 2;
/** Times of USB cameras are whole microseconds; a tenth of a millisecond is more than any viewer sees. */
const timeBase = '1/10000';
/** Detection lives on two pictures a second as on key pictures two seconds apart, and notices sooner. */
const pictureIntervalSeconds = 0.5;

function everyAtLeast(seconds: number): string {
  return `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${seconds.toFixed(4)})'`;
}

/** So many of each second, as evenly as the camera's own rate allows: a distance kept between two would leave out more. */
function perSecond(rate: number): string {
  return `select='isnan(prev_t)+gt(floor(t*${rate}),floor(prev_t*${rate}))'`;
}

/** Enough for a picture with movement in it; a still one needs, and with libx264 gets, far less. */
function mostBitsPerSecond({ width, height, keptFramesPerSecond }: ChosenMode): number {
  return Math.max(400_000, Math.round((width * height * keptFramesPerSecond * 0.14) / 1000) * 1000);
}

/** null when the camera encodes by itself. */
export function encodingFor(mode: ChosenMode, encoder: Encoder): Encoding | null {
  if (mode.format === 'h264') return null;
  const bits = mostBitsPerSecond(mode);
  const isTooFast = mode.framesPerSecond !== null && mode.framesPerSecond > mode.keptFramesPerSecond * 1.2;
  const pace = isTooFast ? [perSecond(mode.keptFramesPerSecond)] : [];
  const filters = [...pace, 'format=yuv420p'].join(',');
  const timing = [
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    timeBase,
    '-force_key_frames',
    `expr:gte(t,n_forced*${keyIntervalSeconds})`,
  ];
  const gop = String(Math.ceil(mode.keptFramesPerSecond * keyIntervalSeconds * 2));
  const coder: Record<Encoder, string[]> = {
    libx264: [
      ...[
        '-c:v',
        'libx264',
        '-preset',
        mode.width * mode.height <= 640 * 480 ? 'veryfast' : 'ultrafast',
        '-tune',
        'zerolatency',
        '-threads',
        '2',
      ],
      ...['-crf', '25', '-maxrate', String(bits), '-bufsize', String(bits * 2), '-sc_threshold', '0'],
    ],
    h264_v4l2m2m: ['-c:v', 'h264_v4l2m2m', '-b:v', String(bits), '-num_output_buffers', '16', '-num_capture_buffers', '8'],
  };
  return {
    video: ['-vf', filters, ...coder[encoder], '-g', gop, ...timing],
    pictures: everyAtLeast(pictureIntervalSeconds - 0.02),
    lateHeader: encoder === 'h264_v4l2m2m',
  };
}
