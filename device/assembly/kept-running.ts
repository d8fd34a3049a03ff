import { defaultBackoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { supervise } from '#device/kernel/supervise.ts';

/** What fails is started anew and never takes anything else with it. */
export function keptRunning(
  name: string,
  part: { run(signal: AbortSignal): Promise<void> },
  { clock, logger }: { clock: Clock; logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  return supervise(
    {
      clock,
      backoff: { ...defaultBackoff, random: Math.random },
      start: (running) => part.run(running),
      failed: ({ error, delayMs }) => logger.warn({ part: name, delayMs, err: error }, 'a part of the device failed'),
    },
    signal,
  );
}
