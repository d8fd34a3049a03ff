import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { mostHoldMs, UpdateLock, windowMs } from './update-lock.ts';

/** A host that wants to update: it looks for the lock after pauses that double from a second on. */
async function secondsUntilUpdate(clock: SimulatedClock, isHeld: () => boolean): Promise<number> {
  const from = clock.boot();
  for (let pauseMs = 1_000; isHeld(); pauseMs *= 2) await clock.advance(pauseMs);
  return (clock.boot() - from) / 1000;
}

function stage({ isWaiting }: { isWaiting(): boolean } = { isWaiting: () => false }) {
  const clock = new SimulatedClock();
  let isHeld = false;
  let takes = 0;
  const file = {
    take: async () => {
      takes += isHeld ? 0 : 1;
      isHeld = true;
      return true;
    },
    letGo: async () => {
      isHeld = false;
    },
  };
  const lock = new UpdateLock({ clock, file, isUpdateWaiting: isWaiting });
  const stop = new AbortController();
  const running = lock.run(stop.signal);
  return {
    clock,
    lock,
    isHeld: () => isHeld,
    takes: () => takes,
    end: async () => {
      stop.abort();
      await running;
    },
  };
}

describe('the update lock', () => {
  test('is held while something is written, by whoever is last', async () => {
    const { lock, isHeld, end } = stage();
    expect(isHeld()).toBe(false);
    await lock.begin('front');
    await lock.begin('yard');
    await lock.end('front');
    expect(isHeld()).toBe(true);
    await lock.end('yard');
    expect(isHeld()).toBe(false);
    await end();
  });

  test('of one that writes for hours opens a window after half a minute, again and again', async () => {
    const { lock, clock, isHeld, end } = stage();
    await lock.begin('front');
    let heldMs = 0;
    let longestMs = 0;
    let openMs = 0;
    for (let second = 0; second < 3600; second += 1) {
      await clock.advance(1_000);
      heldMs = isHeld() ? heldMs + 1_000 : 0;
      longestMs = Math.max(longestMs, heldMs);
      openMs += isHeld() ? 0 : 1_000;
    }
    expect(longestMs).toBeLessThanOrEqual(mostHoldMs);
    expect(openMs).toBeGreaterThan(3_600_000 * (windowMs / (windowMs + mostHoldMs)) - windowMs);
    await end();
  });

  test('lets an update in within a minute, whenever it comes', async () => {
    for (const offsetMs of [0, 7_000, 15_000, 29_000, 50_000, 89_000]) {
      const { lock, clock, isHeld, end } = stage();
      await lock.begin('front');
      await clock.advance(offsetMs);
      expect(await secondsUntilUpdate(clock, isHeld)).toBeLessThan(64);
      await end();
    }
  });

  test('is let go after ten seconds when an update is known to wait', async () => {
    let isWaiting = false;
    const { lock, clock, isHeld, end } = stage({ isWaiting: () => isWaiting });
    await lock.begin('front');
    isWaiting = true;
    await clock.advance(9_000);
    expect(isHeld()).toBe(true);
    await clock.advance(3_000);
    expect(isHeld()).toBe(false);
    await end();
  });

  test('is not taken again by someone new within the window', async () => {
    const { lock, clock, isHeld, end } = stage();
    await lock.begin('front');
    await clock.advance(mostHoldMs + 1_000);
    await lock.end('front');
    await lock.begin('yard');
    expect(isHeld()).toBe(false);
    await clock.advance(windowMs);
    expect(isHeld()).toBe(true);
    await end();
  });

  test('is let go at the end, whoever still holds it', async () => {
    const { lock, isHeld, end } = stage();
    await lock.begin('front');
    await end();
    expect(isHeld()).toBe(false);
  });
});
