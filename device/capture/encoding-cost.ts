import { readFile } from 'node:fs/promises';
import type { Clock } from '#device/kernel/clock.ts';

/** Long enough to leave the start out of the account, short enough that the owner still looks. */
export const settleMs = 5_000;
export const measureMs = 20_000;
/** USER_HZ: what the kernel counts in for programs, on every Linux that this runs on. */
const ticksPerSecond = 100;

/** Processor seconds that the process took so far, of `/proc/PID/stat`; null when it is gone. */
export type ProcessorSeconds = (pid: number) => Promise<number | null>;

export const processorSeconds: ProcessorSeconds = async (pid) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  return stat === null ? null : readProcessorSeconds(stat);
};

/** The name of the program stands in brackets and may hold anything; what follows is numbers. */
export function readProcessorSeconds(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks / ticksPerSecond : null;
}

/** Measures what encoding takes and says it, once. Ends when the signal is aborted. */
export async function tellEncodingCost(
  { clock, pid, seconds }: { clock: Clock; pid: number; seconds: ProcessorSeconds },
  tell: (note: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleep(settleMs, signal);
    const beforeMs = clock.boot();
    const before = await seconds(pid);
    await clock.sleep(measureMs, signal);
    const after = await seconds(pid);
    if (before === null || after === null) return;
    const share = ((after - before) * 1000) / (clock.boot() - beforeMs);
    tell(
      `Capturing and encoding takes ${Math.round(share * 100)} % of one processor core of this device, measured over ${measureMs / 1000} seconds.`,
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
