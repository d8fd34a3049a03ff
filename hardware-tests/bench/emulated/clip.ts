import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** Half a minute of a moving pattern, about 0.6 Mbit/s, made once; a camera that an emulated computer can play and only has to copy. */
export async function clipFor(folder: string): Promise<string> {
  const file = join(folder, 'clip.mp4');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=10:duration=30'];
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-b:v',
    '600k',
    '-maxrate',
    '600k',
    '-bufsize',
    '1200k',
    '-g',
    '10',
    '-pix_fmt',
    'yuv420p',
  ];
  await runProgram('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...picture, ...coding, '-movflags', '+faststart', file]);
  return file;
}

/** Something crosses a still place, from the 8th to the 12th of 20 seconds. */
export async function crossingClipFor(folder: string): Promise<string> {
  const file = join(folder, 'crossing.mp4');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const still = 'color=gray:size=320x180:rate=10:duration=20,noise=alls=6:allf=t[still]';
  const thing = 'color=white:size=50x90:rate=10:duration=20[thing]';
  const picture = `${still};${thing};[still][thing]overlay=x='if(between(t,8,12),(t-8)*90-50,-100)':y=60`;
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '10', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  await runProgram('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', picture, ...coding, file]);
  return file;
}
