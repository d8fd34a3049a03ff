import { describe, expect, test } from 'vitest';
import type { Clock } from '#device/kernel/clock.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { v4l2Program } from './v4l2-program.ts';

const { signal } = new AbortController();
/** Real time, only that the deadline comes soon. */
const hasty: Clock = { ...systemClock, sleep: (ms, abort) => systemClock.sleep(ms > 1_000 ? 200 : ms, abort) };

describe('the program that asks cameras', () => {
  test('answers, as v4l2-ctl itself or any other', async () => {
    expect(await v4l2Program(systemClock)(['--version'], signal)).toMatch(/^v4l2-ctl \d/);
    await expect(v4l2Program(systemClock)(['--device', '/dev/null', '--info'], signal)).rejects.toMatchObject({ kind: 'camera-refused' });
  });

  test('that is not installed is told as such', async () => {
    await expect(v4l2Program(systemClock, 'no-such-program')([], signal)).rejects.toMatchObject({
      kind: 'unavailable',
      action: 'Install v4l-utils.',
    });
  });

  test('that hangs is given up', async () => {
    await expect(v4l2Program(hasty, 'sleep')(['600'], signal)).rejects.toMatchObject({ kind: 'timeout' });
    const gone = AbortSignal.abort(new Error('nobody waits'));
    await expect(v4l2Program(systemClock, 'sleep')(['600'], gone)).rejects.toThrow('nobody waits');
  });
});
