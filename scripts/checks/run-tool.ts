import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

export interface ToolRun {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a development tool in the project's folder, those of its own packages first. A tool that is missing or killed throws. */
export async function runTool(root: string, command: string, args: readonly string[]): Promise<ToolRun> {
  const { promise, resolve, reject } = Promise.withResolvers<ToolRun>();
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const child = spawn(command, args, { cwd: root, env: { ...process.env, PATH: path, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text;
  });
  child.on('error', (error) => reject(new Error(`${command} does not run: ${error.message}`)));
  child.on('close', (status, signal) => {
    if (status === null) reject(new Error(`${command} was ended by ${signal}`));
    else resolve({ status, ...texts });
  });
  return promise;
}

/** What a tool said when it failed without naming a place. */
export function lastWords(run: ToolRun): string {
  return `${run.stderr}\n${run.stdout}`.trim().slice(-2000) || `it ended with status ${run.status} and said nothing`;
}
