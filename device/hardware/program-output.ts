import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';

export interface ProgramRun {
  clock: Clock;
  program: string;
  args: readonly string[];
  patienceMs: number;
  longestOutput: number;
  /** Ends it before its time. */
  signal?: AbortSignal;
}

export interface ProgramEnd {
  /** null when it is not there, was ended by a signal, or is not waited for any longer. */
  code: number | null;
  output: string;
  /** The last of what it complained about. */
  complaint: string;
}

/** Runs a small program to its end, or for as long as there is patience: one that a driver holds hears no signal, and nobody waits for it. */
export async function programEnd({ clock, program, args, patienceMs, longestOutput, signal }: ProgramRun): Promise<ProgramEnd> {
  const child = new Child(program, args, { clock });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output = (output + chunk).slice(0, longestOutput);
  });
  const told = new Promise((resolve) => child.stdout.once('close', resolve));
  const over = new AbortController();
  const late = clock.sleep(patienceMs, signal ? AbortSignal.any([signal, over.signal]) : over.signal).catch(() => {});
  const ended = Promise.all([child.exited, told]).then(([{ code, error }]) => ({
    code,
    complaint: error?.message ?? child.stderrTail().trim(),
  }));
  const end = await Promise.race([ended, late.then(() => null)]);
  over.abort();
  if (end) return { ...end, output };
  void child.stop();
  return { code: null, output, complaint: 'it did not end in time' };
}

const patienceMs = 3_000;
const longestOutput = 65_536;

/** What a small program prints; null when it is not there, fails, or does not end in time. */
export async function programOutput(clock: Clock, program: string, args: readonly string[]): Promise<string | null> {
  const { code, output } = await programEnd({ clock, program, args, patienceMs, longestOutput });
  return code === 0 ? output : null;
}
