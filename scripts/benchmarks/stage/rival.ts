import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RivalCamera {
  name: string;
  url: string;
}

export interface RivalEvent {
  camera: string;
  kind: 'start' | 'end';
  atMs: number;
}

const debianSettings = '/etc/motion/motion.conf';
/** As Debian ships it, but for the cameras, the pass-through, where files go and that nobody looks on. */
const changed = {
  daemon: 'off',
  setup_mode: 'off',
  event_gap: '3',
  movie_output: 'on',
  movie_passthrough: 'on',
  picture_output: 'off',
  webcontrol_port: '0',
  stream_port: '0',
};
/** What belongs to a camera: with more than one it would come from the main file too, so it is left out there. */
const ofCamera = ['video_device', 'target_dir', 'log_file', 'pid_file', 'camera_dir'];

/** Debian's `motion`, recording the main stream as it comes while its detection sees motion. */
export class Rival {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  static async start(folder: string, cameras: readonly RivalCamera[]): Promise<Rival> {
    await mkdir(folder, { recursive: true });
    const own = (await readFile(debianSettings, 'utf8')).split('\n').filter((line) => {
      const key = line.trim().split(/\s+/)[0] ?? '';
      return /^[a-z]/.test(key) && !(key in changed) && !ofCamera.includes(key);
    });
    const note = (kind: string, camera: string) => `echo ${kind} ${camera} $(date +%s.%N) >> ${join(folder, 'events.log')}`;
    const files = cameras.map((camera) => join(folder, `${camera.name}.conf`));
    for (const [index, camera] of cameras.entries()) {
      const lines = [
        `camera_id ${index + 1}`,
        `camera_name ${camera.name}`,
        `netcam_url ${camera.url}`,
        `target_dir ${join(folder, 'movies')}`,
        `on_event_start ${note('start', camera.name)}`,
        `on_event_end ${note('end', camera.name)}`,
      ];
      await writeFile(files[index] ?? '', `${lines.join('\n')}\n`);
    }
    const settings = [...own, ...Object.entries(changed).map(([key, value]) => `${key} ${value}`)];
    settings.push(
      `log_file ${join(folder, 'motion.log')}`,
      `target_dir ${join(folder, 'movies')}`,
      ...files.map((file) => `camera ${file}`),
    );
    const main = join(folder, 'motion.conf');
    await writeFile(main, `${settings.join('\n')}\n`);
    return new Rival(spawn('motion', ['-n', '-c', main], { stdio: 'ignore' }), folder);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async events(): Promise<RivalEvent[]> {
    const text = await readFile(join(this.#folder, 'events.log'), 'utf8').catch(() => '');
    const lines = text
      .trim()
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line) => {
      const [kind, camera = '', seconds] = line.split(' ');
      return { kind: kind === 'start' ? 'start' : 'end', camera, atMs: Number(seconds) * 1000 };
    });
  }

  async movieBytes(): Promise<number> {
    const folder = join(this.#folder, 'movies');
    const names = await readdir(folder).catch(() => []);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(late);
  }
}
