import { spawn } from 'node:child_process';
import type { Bench, Need, PowerOn, Said } from '../bench.ts';

interface RealOptions {
  /** Name or address of the board. */
  host: string;
  /** The port of the host's SSH: 22222 on balenaOS in development mode. */
  sshPort: number;
  owner: Bench['owner'];
}

const missing: Partial<Record<Need, string>> = {
  'fresh-volume': 'everything on the board would have to be erased: flash it anew and run the suite by hand',
  'broken-volume': 'nobody can make a real card read-only and whole again from here',
  'small-volume': 'a real card is as large as it is',
};

/** A board with a released or pushed image, reached over SSH and HTTP. Wiring and preparation: see the README beside the suites. */
export class RealBench implements Bench {
  readonly name: string;
  readonly emulated: readonly string[] = [
    'power cut: the kernel is reset at once (sysrq b), without syncing; the card keeps its power. A switched plug is the real thing',
  ];
  readonly url: string;
  readonly owner: Bench['owner'];
  readonly #options: RealOptions;

  constructor(options: RealOptions) {
    this.#options = options;
    this.owner = options.owner;
    this.name = `real (${options.host})`;
    this.url = `http://${options.host}`;
  }

  lacks(need: Need): string | null {
    return missing[need] ?? null;
  }

  async powerOn({ data, mounted = 'writable' }: PowerOn): Promise<void> {
    if (data === 'fresh' || mounted !== 'writable') throw new Error('a real board keeps its card as it is');
  }

  async cutPower(): Promise<void> {
    // The answer never comes: the machine is gone before it could be given.
    await Promise.race([this.#host('echo b >/proc/sysrq-trigger'), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  }

  run(program: string, ...args: string[]): Promise<Said> {
    const command = [program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    return this.#host(`balena-engine exec "$(balena-engine ps --quiet --filter name=kerberos | head -n 1)" ${command}`);
  }

  async mendVolume(): Promise<void> {
    throw new Error(missing['broken-volume']);
  }

  console(): string {
    return 'The console of a real board is its serial port: see the wiring.';
  }

  async close(): Promise<void> {}

  #host(line: string): Promise<Said> {
    const { promise, resolve } = Promise.withResolvers<Said>();
    const target = ['-p', String(this.#options.sshPort), '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', `root@${this.#options.host}`];
    const child = spawn('ssh', [...target, line], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (status) => resolve({ status: status ?? 255, output }));
    return promise;
  }
}
