import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Clock } from './clock.ts';
import { within } from './within.ts';

export interface ChildExit {
  /** null when a signal ended it or it could not be started at all. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started; null when it could. */
  error: Error | null;
}

export interface ChildOptions {
  clock: Clock;
  /** How many pipes beside stdin, stdout and stderr: fd 3, 4, … of the child, readable and writable for both. */
  extraPipes?: number;
  /** What asks it politely to end, written to its stdin; absent for programs that only know signals. */
  ask?: string;
  /** How long each rung of the stop ladder is given before the next. */
  askMs?: number;
  terminateMs?: number;
  /** How many of the last characters of stderr are kept. */
  stderrTailLength?: number;
  /** Called after each piece of it, for those who must hear of something while the program goes on. */
  onStderr?: (tail: string) => void;
}

/** Lets the kernel kill the child when its parent is gone, however the parent went. Part of Debian's util-linux. */
const setprivPath = '/usr/bin/setpriv';

/**
 * A running program, started without a shell in a process group of its own. It dies with this process: by the kernel's parent-death
 * signal where `setpriv` exists, by closed pipes elsewhere. Whoever starts one must call `stop` or wait for `exited`.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  readonly exited: Promise<ChildExit>;
  #hasExited = false;
  #stopping: Promise<ChildExit> | undefined;
  #stderrTail = '';

  constructor(program: string, args: readonly string[], options: ChildOptions) {
    this.#options = options;
    const extra = Array.from({ length: options.extraPipes ?? 0 }, () => 'pipe' as const);
    const [command, prefix] = existsSync(setprivPath) ? [setprivPath, ['--pdeathsig', 'KILL', '--', program]] : [program, []];
    this.#process = spawn(command, [...prefix, ...args], { stdio: ['pipe', 'pipe', 'pipe', ...extra], detached: true });
    this.exited = new Promise((resolve) => {
      const end = (exit: ChildExit) => {
        this.#hasExited = true;
        this.#signalGroup('SIGKILL');
        resolve(exit);
      };
      this.#process.once('exit', (code, signal) => end({ code, signal, error: null }));
      this.#process.once('error', (error) => end({ code: null, signal: null, error }));
    });
    // A pipe may break at any moment because the other side is gone: that is what `exited` tells.
    for (const pipe of this.#process.stdio) pipe?.on('error', () => {});
    this.#keepStderr(options.stderrTailLength ?? 8192);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get stdin(): Writable {
    return required(this.#process.stdin);
  }

  get stdout(): Readable {
    return required(this.#process.stdout);
  }

  /** The extra pipe that is file descriptor `fd` (3 or more) in the child. */
  pipe(fd: number): Duplex {
    return required(this.#process.stdio[fd] as Duplex | null | undefined);
  }

  /** The last of what it said on stderr. May hold secrets it was given. */
  stderrTail(): string {
    return this.#stderrTail;
  }

  /** Ask, SIGTERM, SIGKILL, each with its deadline; resolves when the whole process group is gone. Safe to call again. */
  stop(): Promise<ChildExit> {
    this.#stopping ??= this.#descend();
    return this.#stopping;
  }

  async #descend(): Promise<ChildExit> {
    const { ask, askMs = 1000, terminateMs = 2000 } = this.#options;
    if (ask !== undefined) {
      this.stdin.write(ask);
      if (await this.#exitsWithin(askMs)) return this.exited;
    }
    this.#signalGroup('SIGTERM');
    if (!(await this.#exitsWithin(terminateMs))) this.#signalGroup('SIGKILL');
    return this.exited;
  }

  async #exitsWithin(ms: number): Promise<boolean> {
    return this.#hasExited || within(this.#options.clock, ms, this.exited);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is already gone, which is all that was wanted.
    }
  }

  #keepStderr(length: number): void {
    const stderr = required(this.#process.stderr);
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-length);
      this.#options.onStderr?.(this.#stderrTail);
    });
  }
}

function required<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new RangeError('the child has no such pipe');
  return value;
}
