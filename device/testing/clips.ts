import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Clip {
  seconds: number;
  size?: string;
  framesPerSecond?: number;
  gopSeconds?: number;
  audio?: boolean;
}

/** A small moving test picture as H.264 (and a tone as AAC), made by the real encoder. */
export async function makeClip(file: string, clip: Clip): Promise<void> {
  const { seconds, size = '320x180', framesPerSecond = 10, gopSeconds = 1, audio = true } = clip;
  const gop = String(Math.round(gopSeconds * framesPerSecond));
  const video = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${framesPerSecond}:duration=${seconds}`];
  const sound = audio
    ? ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=16000:duration=${seconds}`, '-c:a', 'aac', '-b:a', '32k']
    : [];
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '0',
    '-g',
    gop,
    '-keyint_min',
    gop,
    '-sc_threshold',
    '0',
  ];
  await run('ffmpeg', ['-v', 'error', '-y', ...video, ...sound, ...coding, file]);
}

/** What a real player's parser finds: frames that really decode, and the duration it believes. */
export async function inspectVideo(file: string): Promise<{ frames: number; durationMs: number; complaints: string }> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-count_frames',
    '-show_entries',
    'stream=nb_read_frames:format=duration',
    '-of',
    'json',
    file,
  ];
  const { stdout, stderr } = await run('ffprobe', args);
  const frames = Number(/"nb_read_frames": "(\d+)"/.exec(stdout)?.[1] ?? 0);
  const durationMs = Math.round(Number(/"duration": "([\d.]+)"/.exec(stdout)?.[1] ?? 0) * 1000);
  return { frames, durationMs, complaints: stderr.trim() };
}
