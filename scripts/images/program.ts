import { spawn } from 'node:child_process';

interface ProgramOptions {
  cwd?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** What it says is shown while it runs; what it writes to stdout is answered only when it is not. */
  show?: boolean;
}

/** Runs a program to its end and answers its stdout. Throws with its last words when it fails. */
export async function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const output = options.show ? 'inherit' : 'pipe';
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', output, output] });
  const chunks: Buffer[] = [];
  let words = '';
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000);
  });
  child.on('error', (error) => reject(new Error(`${program} does not run: ${error.message}`)));
  child.on('close', (status, signal) => {
    if (status === 0) resolve(Buffer.concat(chunks).toString());
    else reject(new Error(`${[program, ...args].join(' ')} ended with ${signal ?? status}. ${words.trim()}`.trim()));
  });
  return promise;
}
