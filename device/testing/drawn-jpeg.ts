import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Real pictures, each other than the one before. */
export async function drawnJpegs(count: number, size = '320x240'): Promise<Uint8Array[]> {
  const source = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=1`, '-frames:v', String(count)];
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...source, '-f', 'image2pipe', '-c:v', 'mjpeg', 'pipe:1'], {
    encoding: 'buffer',
    maxBuffer: 16_777_216,
  });
  const pictures: Uint8Array[] = [];
  let start = 0;
  for (let at = 2; at <= stdout.length; at += 1) {
    if (stdout[at - 2] !== 0xff || stdout[at - 1] !== 0xd9) continue;
    pictures.push(new Uint8Array(stdout.subarray(start, at)));
    start = at;
  }
  return pictures;
}
