import { expect, test, vi } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { CaptiveNames } from './captive-names.ts';

/** Kept for documents: no machine has it. */
const notThere = '192.0.2.1';

test('an access point that is only opening has no address yet: that is told when it lasts, and once', async () => {
  const clock = new SimulatedClock();
  const warn = vi.fn();
  const stop = new AbortController();
  const names = new CaptiveNames({ clock, logger: { ...silentLogger, warn }, address: () => notThere, port: 5_398 });
  const running = names.run(stop.signal);
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) {
      await clock.advance(1_000);
      // The kernel's refusal takes its own time.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await seconds(20);
  expect(warn).not.toHaveBeenCalled();
  await seconds(60);
  expect(warn).toHaveBeenCalledOnce();
  stop.abort();
  await running;
});
