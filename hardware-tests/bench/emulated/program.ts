import { spawn } from 'node:child_process';

/** Runs a program of this machine to its end and answers its stdout; throws with its last words when it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(program, args, { stdio: 'pipe', ...(options.cwd === undefined ? {} : { cwd: options.cwd }) });
  const chunks: Buffer[] = [];
  let words = '';
  child.stdin.on('error', () => {}).end(options.input ?? '');
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000);
  });
  child.on('error', (error) => reject(new Error(`${program} does not run: ${error.message}`)));
  child.on('close', (status) => {
    if (status === 0) resolve(Buffer.concat(chunks).toString());
    else reject(new Error(`${[program, ...args].join(' ')} ended with ${status}. ${words.trim()}`));
  });
  return promise;
}
