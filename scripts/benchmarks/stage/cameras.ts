import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Mount } from './played-stream.ts';

const program = fileURLToPath(new URL('../camera-server.ts', import.meta.url));

/** A running camera server. */
export interface Cameras {
  url(path: string): string;
  /** When frame 0 of every looped stream was due, milliseconds since 1970. */
  originMs: number;
  /** Lets a waiting clip begin; answers when its second 0 was. */
  begin(path: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startCameras(mounts: readonly Mount[]): Promise<Cameras> {
  const child = spawn(process.execPath, [program, JSON.stringify(mounts)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the camera server ended');
    return JSON.parse(value) as { port: number; originMs: number; beganMs: number };
  };
  const { port, originMs } = await next();
  return {
    url: (path) => `rtsp://127.0.0.1:${port}${path}`,
    originMs,
    begin: async (path) => {
      child.stdin.write(`begin ${path}\n`);
      return (await next()).beganMs;
    },
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await gone;
    },
  };
}
