import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { LumaPicture } from '#device/media/packet.ts';
import { SimulatedScene } from '#device/testing/simulated-scene.ts';
import { type BenchScene, scenes } from './scenes.ts';

export interface Clip {
  name: string;
  file: string;
  durationS: number;
  /** Seconds from and to, in which something moves that counts. */
  events: [number, number][];
  sensitivity: number;
}

/** Made-up clips are a sub-stream's size and rate: one grey frame is cheap to draw, and noise is worse than on a main stream. */
const sceneWidth = 640;
const sceneHeight = 360;
const sceneFramesPerSecond = 10;
export const pictureWidth = 320;

export async function labelledClips(folder: string): Promise<Clip[]> {
  const labels = JSON.parse(await readFile(path.join(folder, 'labels.json'), 'utf8')) as Record<
    string,
    { durationS: number; events: [number, number][] }
  >;
  return Object.entries(labels).map(([name, { durationS, events }]) => ({
    name,
    file: path.join(folder, name),
    durationS,
    events,
    sensitivity: 50,
  }));
}

/** Draws and encodes what is not in `folder` yet. `gopS`: seconds between key pictures. */
export async function sceneClips(folder: string, seed: number, gopS: number): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (const scene of scenes(seed)) {
    const file = path.join(folder, `${scene.name}-${seed}-gop${gopS}.mp4`);
    if (!(await exists(file))) await encode(scene, file, gopS);
    clips.push({ name: scene.name, file, durationS: scene.durationS, events: scene.events, sensitivity: scene.sensitivity });
  }
  return clips;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Constant quality with hard key pictures and no B-frames, as cameras do it. */
async function encode(scene: BenchScene, file: string, gopS: number): Promise<void> {
  const gop = String(gopS * sceneFramesPerSecond);
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${sceneWidth}x${sceneHeight}`, '-r', String(sceneFramesPerSecond), '-i', '-'];
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-bf', '0'];
  const partial = `${file}.partial`;
  const child = spawn('ffmpeg', ['-v', 'error', '-y', ...input, ...codec, '-pix_fmt', 'yuv420p', '-f', 'mp4', partial], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const closed = once(child, 'close');
  const place = new SimulatedScene({ ...scene.options, width: sceneWidth, height: sceneHeight });
  for (let frame = 0; frame < scene.durationS * sceneFramesPerSecond; frame++) {
    const seconds = frame / sceneFramesPerSecond;
    if (!child.stdin.write(place.picture(seconds * 1000, scene.at(seconds)).luma)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  const [status] = await closed;
  if (status !== 0) throw new Error(`ffmpeg could not encode ${scene.name}`);
  await rename(partial, file);
}

export interface Pictures {
  pictures: LumaPicture[];
  /** What decoding and scaling cost, milliseconds of ffmpeg's user time. */
  decodeCpuMs: number;
}

/** `key`: key pictures only, as a camera is really watched; `five`: everything decoded, five pictures a second. */
export async function pictures(clip: Clip, rate: 'key' | 'five'): Promise<Pictures> {
  const skip = rate === 'key' ? ['-skip_frame', 'nokey'] : [];
  const filter = `${rate === 'five' ? 'fps=5,' : ''}scale=${pictureWidth}:-2:flags=area,format=gray,showinfo`;
  const args = ['-hide_banner', '-nostats', '-benchmark', '-threads', '1', ...skip, '-i', clip.file, '-vf', filter];
  const child = spawn('ffmpeg', [...args, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`ffmpeg could not read ${clip.file}: ${told.slice(-500)}`);
  const bytes = Buffer.concat(chunks);
  const shown = [...told.matchAll(/pts_time:([\d.]+).*? s:(\d+)x(\d+)/g)];
  const found = shown.map(([, seconds, width, height], index) => {
    const size = Number(width) * Number(height);
    const luma = new Uint8Array(bytes.subarray(index * size, (index + 1) * size));
    return { width: Number(width), height: Number(height), luma, bootMs: Number(seconds) * 1000 };
  });
  return { pictures: found, decodeCpuMs: Number(/utime=([\d.]+)s/.exec(told)?.[1] ?? 0) * 1000 };
}
