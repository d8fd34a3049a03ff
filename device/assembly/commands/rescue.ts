import { serveApi } from '#device/api/serve.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { rescueAnswer } from '../rescue-page.ts';

interface RescueOptions {
  host: string;
  port: number;
  version: string;
  clock: Clock;
  logger: Logger;
  /** What keeps the device from starting; null when it may be tried again. */
  problem(): Promise<Failure | null>;
  /** What it failed with although the volume looked sound: then it is tried again more seldom. */
  failed?: Failure;
  say(text: string): void;
  signal: AbortSignal;
}

const lookAgainMs = 10_000;
const tryAgainMs = 300_000;

/**
 * In place of a device that cannot keep anything: a page that says what is wrong, until it is mended or the signal is aborted.
 * Answers the exit status; whoever started it starts the device then.
 */
export async function rescue(options: RescueOptions): Promise<number> {
  const { clock, logger, say, signal } = options;
  const found = await options.problem();
  // What is seen to be wrong may be seen to be mended; what looks sound and failed all the same gets some patience.
  const failed = found === null ? (options.failed ?? null) : null;
  let problem = found ?? failed;
  if (problem === null) return 0;
  say(`${problem.message} ${problem.action ?? ''}`.trim());
  const patientUntilMs = clock.boot() + (failed === null ? 0 : tryAgainMs);
  const mended = new AbortController();
  let shown = problem;
  const answer = (request: Request) =>
    rescueAnswer(request, { problem: shown, version: options.version, retrySeconds: lookAgainMs / 1000 });
  const serving = serveApi(
    { app: { fetch: answer }, deps: { clock }, host: options.host, port: options.port, logger },
    AbortSignal.any([signal, mended.signal]),
  );
  const watching = (async () => {
    while (problem !== null && !signal.aborted) {
      await clock.sleep(lookAgainMs, signal).catch(() => {});
      problem = (await options.problem()) ?? (clock.boot() < patientUntilMs ? failed : null);
      shown = problem ?? shown;
    }
    mended.abort();
  })();
  await Promise.all([serving, watching]);
  if (!signal.aborted) say('The device is tried again.');
  return 0;
}
