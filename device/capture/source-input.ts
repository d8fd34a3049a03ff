import { fileURLToPath } from 'node:url';
import type { CameraSource, FileSource, PiSource, RtspSource, UsbSource } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { demoInput } from './demo-scene.ts';
import type { Encoding } from './encoding.ts';

/** What ffmpeg opens by itself. */
export type FfmpegSource = Exclude<CameraSource, PiSource>;

/** How one input is told to ffmpeg. */
export interface SourceInput {
  /** Input options and `-i`. Never holds a credential: the process list is public. */
  args: string[];
  /** What is written to the pipe `scriptFd`, which is where credentials go; null when the input needs none. */
  script: string | null;
  /** Words that must never be shown. */
  secrets: string[];
  /** Present when what comes must be encoded before it can be recorded. */
  encoding?: Encoding | null;
}

export interface OpenInput {
  input: SourceInput;
  /** What the owner should know about how it is opened. */
  notes?: readonly string[];
  /** What went wrong on the way that ffmpeg cannot know of; null when nothing did. */
  trouble(): Failure | null;
  close(): Promise<void>;
}

/** The child's file descriptor from which it reads the script. */
export const scriptFd = 3;

/** What ffmpeg may open by itself when a script tells it to. */
const rtspProtocols = 'async,pipe,rtsp,rtp,udp,tcp,tls,crypto';

/** Longer than any camera's hiccup, shorter than the watch that would otherwise have to end the child. Microseconds. */
const socketTimeoutUs = 8_000_000;

export interface RtspAddress {
  url: URL;
  secrets: string[];
}

/** The address of one of the source's streams, complete with its login. */
export function rtspAddress(source: RtspSource, which: 'main' | 'sub'): RtspAddress {
  const text = which === 'main' ? source.url : source.subUrl;
  if (text === undefined || !URL.canParse(text)) throw new Failure('invalid-input', 'The address of the camera is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'rtsp:' && url.protocol !== 'rtsps:') {
    throw new Failure('invalid-input', 'The address of the camera must begin with rtsp:// or rtsps://.');
  }
  if (source.username !== undefined) url.username = encodeStrictly(source.username);
  if (source.password !== undefined) url.password = encodeStrictly(source.password);
  const secrets = [source.password, decodeSafely(url.password), url.password].filter((word) => word !== undefined && word !== '');
  return { url, secrets: [...new Set(secrets)] as string[] };
}

/** Everything but unreserved characters is encoded, so that nothing can end a quotation or a line of the script. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Not every name or password that is in an address is encoded as it should be. */
export function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The address goes through a pipe as a one-line playlist: ffmpeg takes addresses only as arguments, which everybody on the machine can
 * read, or from a playlist. `async:` keeps ffmpeg listening for `q` on stdin, which it does not when an input begins with `pipe:`.
 */
export function rtspInput(address: RtspAddress, transport: 'tcp' | 'udp'): SourceInput {
  const quoted = address.url.href.replaceAll("'", '%27');
  const script = [
    'ffconcat version 1.0',
    `file '${quoted}'`,
    `option rtsp_transport ${transport}`,
    `option timeout ${socketTimeoutUs}`,
    'option fpsprobesize 0',
    'option probesize 1000000',
    'option analyzeduration 3000000',
    'option allowed_media_types video+audio',
    '',
  ].join('\n');
  const args = [
    // No `-fflags nobuffer`: it throws away what was probed, and with it the first key picture. Probing is the inner input's work; without these the playlist around it would probe once more for two seconds.
    ...['-analyzeduration', '100000', '-fpsprobesize', '0'],
    ...['-protocol_whitelist', rtspProtocols, '-f', 'concat', '-safe', '0', '-i', `async:pipe:${scriptFd}`],
  ];
  return { args, script, secrets: address.secrets };
}

export function filePath(source: FileSource): string {
  return source.url.startsWith('file://') ? fileURLToPath(source.url) : source.url;
}

function fileInput(source: FileSource, inRealTime: boolean): SourceInput {
  const pace = inRealTime ? ['-re', ...(source.loop ? ['-stream_loop', '-1'] : [])] : [];
  return { args: [...pace, '-protocol_whitelist', 'file', '-i', `file:${filePath(source)}`], script: null, secrets: [] };
}

/** The input of everything that is not RTSP, whose address needs more thought than a pure function has. */
export function localInput(
  source: Exclude<FfmpegSource, RtspSource | UsbSource>,
  options: { inRealTime: boolean; fontFile: string | null },
): SourceInput {
  return source.kind === 'file' ? fileInput(source, options.inRealTime) : { args: demoInput(options.fontFile), script: null, secrets: [] };
}
