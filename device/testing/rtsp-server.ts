import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface RtspMount {
  /** Begins with a slash. */
  path: string;
  /** null: sound only. `h264-reordered` has pictures that are shown in another order than they come. */
  codec: 'h264' | 'h264-reordered' | 'h265' | 'mjpeg' | null;
  width?: number;
  height?: number;
  fps?: number;
  /** Pictures between key pictures. */
  keyInterval?: number;
  kilobitsPerSecond?: number;
  /** A pattern of GStreamer's videotestsrc: `ball` moves, `smpte` has noise in a corner, `blue` is still. */
  pattern?: string;
  audio?: 'pcmu' | 'aac' | 'opus';
}

export interface RtspServerOptions {
  mounts: RtspMount[];
  login?: { method: 'digest' | 'basic'; username: string; password: string };
  /** File of a PEM with certificate and key: the server speaks RTSPS only. */
  tlsPemFile?: string;
  /** A port that was free before, to come back as the camera that vanished; else a free one is picked. */
  port?: number;
}

export interface RtspServer {
  port: number;
  /** Address of a mount, without login. */
  url(path: string): string;
  /** The address with the server's login in it. */
  urlWithLogin(path: string): string;
  /** Connections stay open, no more frames come. Needs a viewer, like all commands below. */
  stall(path: string): Promise<void>;
  resume(path: string): Promise<void>;
  changeSize(path: string, width: number, height: number): Promise<void>;
  changePattern(path: string, pattern: string): Promise<void>;
  /** The camera vanishes: killed, no goodbye. Safe to call again. */
  stop(): Promise<void>;
}

const mountDefaults = { width: 640, height: 360, fps: 20, keyInterval: 20, kilobitsPerSecond: 600, pattern: 'ball' };

/** A camera of GStreamer's RTSP server on 127.0.0.1. Needs Debian's gir1.2-gst-rtsp-server-1.0, python3-gi and the plugins good, bad and ugly. */
export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const script = fileURLToPath(new URL('rtsp-server.py', import.meta.url));
  const config = {
    port: options.port ?? 0,
    mounts: options.mounts.map((mount) => ({ ...mountDefaults, ...mount })),
    ...(options.login ? { login: options.login } : {}),
    ...(options.tlsPemFile === undefined ? {} : { tls: options.tlsPemFile }),
  };
  const child = spawn('/usr/bin/python3', [script, JSON.stringify(config)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => {
    said = (said + String(bytes)).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout });
  const ready = await answer(child, lines, () => said);
  if (typeof ready.ready !== 'number') throw new Error(`the RTSP server did not start: ${said}`);
  const port = ready.ready;
  const command = async (line: string) => {
    child.stdin.write(`${line}\n`);
    const result = await answer(child, lines, () => said);
    if (result.failed !== undefined) throw new Error(`the RTSP server could not "${line}": ${result.failed}`);
  };
  const scheme = options.tlsPemFile === undefined ? 'rtsp' : 'rtsps';
  const login = options.login ? `${encodeURIComponent(options.login.username)}:${encodeURIComponent(options.login.password)}@` : '';
  return {
    port,
    url: (path) => `${scheme}://127.0.0.1:${port}${path}`,
    urlWithLogin: (path) => `${scheme}://${login}127.0.0.1:${port}${path}`,
    stall: (path) => command(`stall ${path}`),
    resume: (path) => command(`resume ${path}`),
    changeSize: (path, width, height) => command(`size ${path} ${width} ${height}`),
    changePattern: (path, pattern) => command(`pattern ${path} ${pattern}`),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

interface Answer {
  ready?: number;
  done?: string;
  failed?: string;
}

function answer(child: ChildProcess, lines: Interface, said: () => string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`the RTSP server ended: ${said()}`));
    child.once('exit', gone);
    lines.once('line', (line) => {
      child.off('exit', gone);
      resolve(JSON.parse(line));
    });
  });
}
