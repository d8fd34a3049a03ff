import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { every } from './every.ts';

describe('work that comes again and again', () => {
  test('is done at once, after each pause, and no more when stopped', async () => {
    const clock = new SimulatedClock();
    const stop = new AbortController();
    let times = 0;
    const done = every(clock, 1000, stop.signal, () => {
      times += 1;
    });
    await clock.advance(2500);
    expect(times).toBe(3);
    stop.abort();
    await done;
    await clock.advance(5000);
    expect(times).toBe(3);
  });

  test('ends with what went wrong in it', async () => {
    const failing = every(new SimulatedClock(), 1000, new AbortController().signal, () => Promise.reject(new Error('no disk')));
    await expect(failing).rejects.toThrow('no disk');
  });
});
