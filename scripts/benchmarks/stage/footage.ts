import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

export type SceneName = 'idle' | 'busy';

export const mainFramesPerSecond = 20;
export const subFramesPerSecond = 10;
/** A round of the scene; in the busy one something crosses during 2.6 s of it, 13 %. */
export const roundSeconds = 20;
/** Changes when the scene below does: files of another one are not used. */
const edition = 1;

const sizes = { main: { width: 1920, height: 1080 }, sub: { width: 640, height: 360 } };

/** What the cameras see: a still place with a sensor's noise; once a round a figure crosses it. Drawn once, at the main stream's size. */
function drawing(scene: SceneName): string[] {
  const { width, height } = sizes.main;
  const place = `testsrc2=size=${width}x${height}:rate=${mainFramesPerSecond}:duration=0.05,loop=loop=-1:size=1,setpts=N/(${mainFramesPerSecond}*TB)`;
  const quiet = `${place},trim=duration=${roundSeconds},boxblur=4:1,eq=saturation=0.5:contrast=0.7`;
  const noise = 'noise=alls=9:allf=t+u';
  const figure = `color=c=0x303038:size=150x400:rate=${mainFramesPerSecond}`;
  const crosses = "overlay=x='-150+(t-9)*800':y=520:eval=frame:enable='between(t,9,11.6)':shortest=1";
  return [
    '-filter_complex',
    scene === 'idle' ? `${quiet},${noise}` : `${quiet}[place];${figure}[figure];[place][figure]${crosses},${noise}`,
  ];
}

/** Encoded as cameras do it: constant bit rate, a key picture every 2 s, no B-frames. */
function coding(framesPerSecond: number, kilobits: number): string[] {
  const gop = String(framesPerSecond * 2);
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', gop, '-keyint_min', gop],
    ...['-sc_threshold', '0', '-b:v', `${kilobits}k`, '-maxrate', `${kilobits}k`, '-bufsize', `${kilobits}k`, '-f', 'mp4'],
  ];
}

/** The two files of a scene, made when they are not there yet. */
export async function footage(folder: string, scene: SceneName): Promise<{ main: string; sub: string }> {
  await mkdir(folder, { recursive: true });
  const files = { main: join(folder, `${scene}-main-${edition}.mp4`), sub: join(folder, `${scene}-sub-${edition}.mp4`) };
  if (!(await exists(files.main))) await ffmpeg([...drawing(scene), ...coding(mainFramesPerSecond, 2500)], files.main);
  if (!(await exists(files.sub))) {
    const { width, height } = sizes.sub;
    const scaled = ['-i', files.main, '-vf', `fps=${subFramesPerSecond},scale=${width}:${height}:flags=area`];
    await ffmpeg([...scaled, ...coding(subFramesPerSecond, 400)], files.sub);
  }
  return files;
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function ffmpeg(args: string[], file: string): Promise<void> {
  const child = spawn('ffmpeg', ['-v', 'error', '-y', ...args, `${file}.partial`], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`ffmpeg could not make ${file}`);
  await rename(`${file}.partial`, file);
}
