import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const programs = {
  source: [process.execPath, pathOf('../main.ts')],
  built: [process.execPath, pathOf('../../build/device/main.js')],
  product: [pathOf('../../scripts/kerberos')],
} as const;
export const owner = { username: 'owner', password: 'a wall has ears' };

interface DeviceOptions {
  /** Kept when given; else a temporary folder that `remove()` deletes. */
  directory?: string;
  /** NAME=URL, as on the command line. */
  cameras?: readonly string[];
  demo?: boolean;
  env?: Readonly<Record<string, string>>;
  port?: number;
  /** A program and its arguments to run the device under, e.g. strace. */
  wrapper?: readonly string[];
  /** Of a session with an earlier run on the same directory. */
  cookie?: string;
  /** `product` is what people run, with the flags it is run with; `built` is the same without them, and must have been built before. */
  program?: keyof typeof programs;
}

/** The real device as one process, driven over HTTP like a stranger would. */
export class AssembledDevice {
  readonly directory: string;
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #log: string[] = [];
  #cookie = '';

  private constructor(directory: string, url: string, child: ChildProcess) {
    this.directory = directory;
    this.url = url;
    this.#process = child;
    this.#exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log.push(text);
      });
    }
  }

  static async start(options: DeviceOptions = {}): Promise<AssembledDevice> {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'device-')));
    const port = options.port ?? (await freePort());
    const args = ['run', '--host', '127.0.0.1', '--port', String(port), '--data', directory];
    for (const camera of options.cameras ?? []) args.push('--camera', camera);
    if (options.demo !== true) args.push('--no-demo');
    const [program = '', ...before] = [...(options.wrapper ?? []), ...programs[options.program ?? 'source']];
    const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
    const device = new AssembledDevice(directory, `http://127.0.0.1:${port}`, child);
    device.#cookie = options.cookie ?? '';
    await device.until('the portal answers', async () => {
      if (child.exitCode !== null) throw new Error(`the device ended with ${child.exitCode}:\n${device.log()}`);
      const response = await fetch(`${device.url}/api/health`).catch(() => null);
      return response?.ok === true;
    });
    return device;
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  log(): string {
    return this.#log.join('');
  }

  /** Claims a fresh device, or logs in to a claimed one. */
  async enter(): Promise<void> {
    const send = (path: string) =>
      fetch(`${this.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: this.url },
        body: JSON.stringify(owner),
      });
    let response = await send('/api/claim');
    if (response.status === 409) response = await send('/api/session');
    if (response.status !== 201) throw new Error(`cannot enter: ${response.status} ${await response.text()}`);
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  get cookie(): string {
    return this.#cookie;
  }

  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const sent: Record<string, string> = { cookie: this.#cookie, origin: this.url, ...headers };
    if (body === undefined) return fetch(`${this.url}${path}`, { method, headers: sent });
    return fetch(`${this.url}${path}`, { method, headers: { 'content-type': 'application/json', ...sent }, body: JSON.stringify(body) });
  }

  /** The answer, read as its schema says; anything but success throws with the answer's text. */
  async json<Schema extends z.ZodType>(schema: Schema, method: string, path: string, body?: unknown): Promise<z.infer<Schema>> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return schema.parse(JSON.parse(text));
  }

  /** Asks again and again until the answer is true; fails with what it waited for. */
  async until(what: string, ask: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await ask())) {
      if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}\n${this.log().slice(-4000)}`);
      await pause(100);
    }
  }

  /** Ends the process as a power cut would end it, or as an init system would. Answers its exit status. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill(signal);
    return this.#exited;
  }

  /** The exit status, once it ended by itself. */
  ended(): Promise<number | null> {
    return this.#exited;
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
