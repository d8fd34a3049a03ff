import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';

const patienceMs = 3_000;
const longestOutput = 65_536;

/** What a small program prints; null when it is not there, fails, or does not end in time. */
export async function programOutput(clock: Clock, program: string, args: readonly string[]): Promise<string | null> {
  const child = new Child(program, args, { clock });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(0, longestOutput);
  });
  const ended = new Promise((resolve) => child.stdout.once('close', resolve));
  const timer = new AbortController();
  clock.sleep(patienceMs, timer.signal).then(
    () => child.stop(),
    () => {},
  );
  const { code } = await child.exited;
  timer.abort();
  await ended;
  return code === 0 ? text : null;
}
