/**
 * The options of rpicam-apps 1.12, as its documentation and its own help name them, for the stand-in to be as strict as the real programs
 * are. `flag` takes no value or `=true`; all others need one.
 */

type Check = 'flag' | 'text' | 'number' | 'whole' | readonly string[];

const common: Record<string, Check> = {
  help: 'flag',
  version: 'flag',
  'list-cameras': 'flag',
  camera: 'whole',
  verbose: 'whole',
  config: 'text',
  'info-text': 'text',
  width: 'whole',
  height: 'whole',
  timeout: 'text',
  output: 'text',
  'post-process-file': 'text',
  'post-process-libs': 'text',
  nopreview: 'flag',
  preview: 'text',
  fullscreen: 'flag',
  hflip: 'flag',
  vflip: 'flag',
  rotation: ['0', '180'],
  roi: 'text',
  shutter: 'text',
  analoggain: 'number',
  gain: 'number',
  metering: ['centre', 'spot', 'average', 'matrix', 'custom'],
  exposure: ['normal', 'sport', 'short', 'long', 'custom'],
  ev: 'number',
  awb: ['auto', 'normal', 'incandescent', 'tungsten', 'fluorescent', 'indoor', 'daylight', 'cloudy', 'custom'],
  awbgains: 'text',
  flush: 'flag',
  wrap: 'whole',
  brightness: 'number',
  contrast: 'number',
  saturation: 'number',
  sharpness: 'number',
  framerate: 'number',
  denoise: ['auto', 'off', 'cdn_off', 'cdn_fast', 'cdn_hq'],
  'viewfinder-width': 'whole',
  'viewfinder-height': 'whole',
  'tuning-file': 'text',
  'lores-width': 'whole',
  'lores-height': 'whole',
  'lores-par': 'flag',
  mode: 'text',
  'buffer-count': 'whole',
  'no-raw': 'flag',
  'autofocus-mode': ['default', 'manual', 'auto', 'continuous'],
  'autofocus-range': ['normal', 'macro', 'full'],
  'autofocus-speed': ['normal', 'fast'],
  'autofocus-window': 'text',
  'lens-position': 'text',
  hdr: ['off', 'auto', 'sensor', 'single-exp'],
  metadata: 'text',
  'metadata-format': ['json', 'txt'],
  'flicker-period': 'text',
};

const video: Record<string, Check> = {
  bitrate: 'text',
  profile: ['baseline', 'main', 'high'],
  level: ['4', '4.1', '4.2'],
  intra: 'whole',
  inline: 'flag',
  codec: ['h264', 'libav', 'mjpeg', 'yuv420'],
  'save-pts': 'text',
  quality: 'whole',
  keypress: 'flag',
  signal: 'flag',
  initial: ['record', 'pause'],
  split: 'flag',
  segment: 'whole',
  frames: 'whole',
  'libav-format': 'text',
  'low-latency': 'flag',
};

const still: Record<string, Check> = {
  quality: 'whole',
  exif: 'text',
  timelapse: 'text',
  framestart: 'whole',
  datetime: 'flag',
  timestamp: 'flag',
  restart: 'whole',
  keypress: 'flag',
  signal: 'flag',
  thumb: 'text',
  encoding: ['jpg', 'png', 'rgb', 'rgb24', 'rgb48', 'bmp', 'yuv420'],
  raw: 'flag',
  latest: 'text',
  immediate: 'flag',
  'autofocus-on-capture': 'flag',
  zsl: 'flag',
};

const shortNames: Record<string, string> = {
  h: 'help',
  v: 'verbose',
  c: 'config',
  t: 'timeout',
  o: 'output',
  p: 'preview',
  n: 'nopreview',
  f: 'fullscreen',
  b: 'bitrate',
  g: 'intra',
  q: 'quality',
  k: 'keypress',
  s: 'signal',
  x: 'exif',
  e: 'encoding',
  r: 'raw',
};

export const optionsOf: Record<'hello' | 'vid' | 'still', Record<string, Check>> = {
  hello: common,
  vid: { ...common, ...video },
  still: { ...common, ...still },
};

/** Reads arguments as the real programs' parser does; throws an Error in its words for what it would refuse. */
export function readOptions(program: keyof typeof optionsOf, args: readonly string[]): Map<string, string> {
  const known = optionsOf[program];
  const read = new Map<string, string>();
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    const name = long ? (long[1] ?? '') : (shortNames[/^-(\w)$/.exec(arg)?.[1] ?? ''] ?? '');
    const check = known[name];
    if (check === undefined) throw new Error(`unrecognised option '${arg.split('=')[0]}'`);
    if (read.has(name)) throw new Error(`option '--${name}' cannot be specified more than once`);
    const value = check === 'flag' ? 'true' : (long?.[2] ?? left.shift());
    refuseWrongValue(name, check, value);
    read.set(name, value ?? '');
  }
  return read;
}

function refuseWrongValue(name: string, check: Check, value: string | undefined): void {
  if (value === undefined || value === '') throw new Error(`the required argument for option '--${name}' is missing`);
  if (typeof check !== 'string' && !check.includes(value)) throw new Error(`Invalid ${name}: ${value}`);
  const isNumber = check === 'whole' ? /^\d+$/.test(value) : Number.isFinite(Number(value));
  if ((check === 'whole' || check === 'number') && !isNumber)
    throw new Error(`the argument ('${value}') for option '--${name}' is invalid`);
}
