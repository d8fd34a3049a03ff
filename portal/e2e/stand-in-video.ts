import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** Video for the stand-in device, made by ffmpeg: a live one per camera, and one short recording that stands for all. */

const framesPerSecond = 10;
const framesPerGroup = 10;

interface VideoBox {
  type: string;
  bytes: Buffer;
}

const sourceArguments = (source: string) =>
  source.startsWith('lavfi:') ? ['-f', 'lavfi', '-i', source.slice('lavfi:'.length)] : ['-stream_loop', '-1', '-i', source];

const pictureArguments = ['-an', '-vf', `scale=960:540:force_original_aspect_ratio=decrease,pad=960:540:-1:-1,fps=${framesPerSecond}`];
const encoderArguments = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-profile:v', 'main'];

export interface LiveVideo {
  init: Buffer | null;
  /** Since the newest key picture. */
  group: Buffer[];
  onSegment: Set<(segment: Buffer) => void>;
  stop: () => void;
}

/** Plays the source for ever, in real time. */
export const playLive = (source: string): LiveVideo => {
  const child = spawn(
    'ffmpeg',
    [
      '-v',
      'error',
      '-re',
      ...sourceArguments(source),
      ...pictureArguments,
      ...encoderArguments,
      '-g',
      String(framesPerGroup),
      '-sc_threshold',
      '0',
    ].concat(['-movflags', '+frag_every_frame+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1']),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const video: LiveVideo = { init: null, group: [], onSegment: new Set(), stop: () => void child.kill('SIGKILL') };
  let rest = Buffer.alloc(0);
  let head = Buffer.alloc(0);
  let moof: Buffer | null = null;
  let count = 0;
  const take = ({ type, bytes }: VideoBox) => {
    if (type === 'ftyp' || type === 'moov') {
      head = Buffer.concat([head, bytes]);
      if (type === 'moov') video.init = head;
    }
    if (type === 'moof') moof = bytes;
    if (type !== 'mdat' || !moof) return;
    const segment = Buffer.concat([moof, bytes]);
    if (count % framesPerGroup === 0) video.group = [];
    count += 1;
    video.group.push(segment);
    for (const send of video.onSegment) send(segment);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= rest.readUInt32BE(0)) {
      const size = rest.readUInt32BE(0);
      take({ type: rest.toString('latin1', 4, 8), bytes: rest.subarray(0, size) });
      rest = rest.subarray(size);
    }
  });
  return video;
};

export interface RecordedVideo {
  file: Buffer;
  initBytes: number;
  /** Byte ranges of two seconds each. */
  parts: { offset: number; length: number; durationMs: number }[];
}

export const recordVideo = async (source: string, seconds: number): Promise<RecordedVideo> => {
  const { stdout: file } = await promisify(execFile)(
    'ffmpeg',
    [
      '-v',
      'error',
      ...sourceArguments(source),
      '-t',
      String(seconds),
      ...pictureArguments,
      ...encoderArguments,
      '-g',
      String(2 * framesPerSecond),
    ].concat(['-sc_threshold', '0', '-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1']),
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  const parts: RecordedVideo['parts'] = [];
  let initBytes = 0;
  for (let offset = 0; offset + 8 <= file.length; ) {
    const size = file.readUInt32BE(offset);
    const type = file.toString('latin1', offset + 4, offset + 8);
    if (type === 'moov') initBytes = offset + size;
    if (type === 'moof') parts.push({ offset, length: size, durationMs: 2000 });
    const last = parts.at(-1);
    if (type === 'mdat' && last) last.length += size;
    offset += size;
  }
  return { file, initBytes, parts };
};

export const stillPicture = async (source: string, atSeconds: number, width: number): Promise<Buffer> => {
  const before = source.startsWith('lavfi:') ? [] : ['-ss', String(atSeconds)];
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    ['-v', 'error', ...before, ...sourceArguments(source), '-frames:v', '1', '-vf', `scale=${width}:-2`, '-f', 'mjpeg', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 32 * 1024 * 1024 },
  );
  return stdout;
};
