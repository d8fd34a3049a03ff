import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { arch, cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Machine {
  date: string;
  processor: string;
  architecture: string;
  cores: number;
  memoryBytes: number;
  /** Of the last minute and the last quarter of an hour, before measuring began. */
  loadBefore: { oneMinute: number; fifteenMinutes: number };
  scratchIsInMemory: boolean;
  versions: Record<string, string>;
}

const tmpfs = 0x01021994;

export async function describeMachine(scratch: string): Promise<Machine> {
  const [oneMinute = Number.NaN, , fifteenMinutes = Number.NaN] = loadavg();
  const firstLine = async (program: string, argument: string) => {
    const { stdout } = await run(program, [argument]).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? 'absent' }));
    return stdout.split('\n')[0]?.trim() ?? '';
  };
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    architecture: arch(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    loadBefore: { oneMinute, fifteenMinutes },
    scratchIsInMemory: (await statfs(scratch)).type === tmpfs,
    versions: {
      node: process.version,
      ffmpeg: /version (\S+)/.exec(await firstLine('ffmpeg', '-version'))?.[1] ?? 'absent',
      motion: /Version ([\d.]+)/.exec(await firstLine('motion', '-h'))?.[1] ?? 'absent',
      kernel: await firstLine('uname', '-r'),
    },
  };
}
