import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { nextShedCount, type ShedStep, type Strain } from './load-plan.ts';
import { StrainWatch } from './strain-watch.ts';

const well: Strain = { celsius: 55, availableShare: 0.6 };

describe('the plan of what is given up', () => {
  test.each([
    ['well', 0, well, 0],
    ['warm, but not hot', 0, { ...well, celsius: 77 }, 0],
    ['hot', 0, { ...well, celsius: 78 }, 1],
    ['very hot all at once: still one step', 0, { ...well, celsius: 90 }, 1],
    ['hotter', 1, { ...well, celsius: 80 }, 2],
    ['hottest', 2, { ...well, celsius: 82 }, 3],
    ['nothing more to give', 3, { ...well, celsius: 95 }, 3],
    ['short of memory', 0, { ...well, availableShare: 0.09 }, 1],
    ['a little cooler is not cool', 1, { ...well, celsius: 75 }, 1],
    ['cool again', 1, { ...well, celsius: 73 }, 0],
    ['a little memory back is not enough', 1, { ...well, availableShare: 0.12 }, 1],
    ['a machine that does not tell its heat', 1, { celsius: null, availableShare: 0.5 }, 0],
  ])('%s', (_what, now, strain, next) => {
    expect(nextShedCount(now, strain)).toBe(next);
  });
});

describe('a strained machine', () => {
  test('gives up one thing after the other, says so once, and takes all back', async () => {
    const clock = new SimulatedClock();
    let strain = well;
    let shed: readonly ShedStep[] = [];
    const told: string[] = [];
    const watch = new StrainWatch({
      clock,
      logger: silentLogger,
      journal: { begin: (_key, { message }) => told.push(message), end: () => told.push('over'), record: () => {} },
      strain: async () => strain,
      shed: (steps) => {
        shed = steps;
      },
    });
    const stop = new AbortController();
    const running = watch.run(stop.signal);
    await clock.advance(15_000);
    expect(watch.checks()).toMatchObject([{ level: 'ok' }]);
    strain = { ...well, celsius: 81 };
    await clock.advance(15_000);
    expect(shed).toEqual(['fewer-looks']);
    expect(told).toEqual(['The machine is strained: it has 81 °C. So motion is looked for once a second. Recording goes on.']);
    await clock.advance(60_000);
    expect(shed).toEqual(['fewer-looks', 'no-event-pictures']);
    expect(watch.checks()).toMatchObject([{ level: 'warning', value: 2 }]);
    strain = well;
    await clock.advance(30_000);
    expect(shed).toEqual([]);
    expect(told.at(-1)).toBe('over');
    stop.abort();
    await running;
  });
});
