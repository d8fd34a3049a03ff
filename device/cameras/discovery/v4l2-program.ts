import { Child } from '#device/kernel/child.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';

/** Asks `v4l2-ctl` (Debian's v4l-utils) one thing. Throws a Failure when it cannot be asked, does not answer in time, or refuses. */
export type AskV4l2 = (args: readonly string[], signal: AbortSignal) => Promise<string>;

const deadlineMs = 8_000;
const mostAnswerLength = 512 * 1024;

export function v4l2Program(clock: Clock, program = 'v4l2-ctl'): AskV4l2 {
  return async (args, signal) => {
    signal.throwIfAborted();
    const child = new Child(program, args, { clock, askMs: 0, terminateMs: 500 });
    const over = new AbortController();
    const cancel = () => over.abort();
    signal.addEventListener('abort', cancel, { once: true });
    const late = clock.sleep(deadlineMs, over.signal).then(
      () => Promise.reject(new Failure('timeout', 'The USB camera does not answer.', { action: 'Unplug it and plug it in again.' })),
      () => Promise.reject(new Error('given up')),
    );
    try {
      return await Promise.race([answerOf(child), late]);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      over.abort();
      late.catch(() => {});
      // Not waited for: a driver that hangs holds the program where no signal reaches it.
      void child.stop();
    }
  };
}

async function answerOf(child: Child): Promise<string> {
  let answer = '';
  for await (const chunk of child.stdout) {
    if (answer.length < mostAnswerLength) answer += String(chunk);
  }
  const exit = await child.exited;
  if (exit.error || exit.code === 127) {
    throw new Failure('unavailable', 'The program that asks USB cameras what they can do is not installed.', {
      action: 'Install v4l-utils.',
      cause: exit.error,
    });
  }
  if (exit.code !== 0) {
    throw new Failure('camera-refused', 'The USB camera refuses what was asked of it.', { cause: new Error(child.stderrTail()) });
  }
  return answer;
}
