import { describe, expect, test } from 'vitest';
import { type HealthCheck, healthSchema } from '#device/contract/contract.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { createHealth, type HealthSource, worstLevel } from './health.ts';

const fine: HealthCheck = { id: 'a.b', level: 'ok', message: 'fine' };

function healthOf(sources: HealthSource[]) {
  const clock = new SimulatedClock();
  const health = createHealth({
    clock,
    logger: silentLogger,
    sources,
    version: '1.2.3',
    isClaimed: () => true,
    wallMs: () => clock.wall(),
  });
  return { clock, health };
}

describe('health', () => {
  test('is as good as its worst check', async () => {
    const { health } = healthOf([
      { name: 'a', checks: () => [fine, { ...fine, level: 'note' }] },
      { name: 'b', checks: async () => [{ ...fine, id: 'b.c', level: 'warning', action: 'look' }] },
    ]);
    const full = await health.full();
    expect(healthSchema.parse(full)).toMatchObject({ status: 'warning', claimed: true, version: '1.2.3' });
    expect(full.checks).toHaveLength(3);
    expect(health.short()).toEqual({ status: 'warning', claimed: true, version: '1.2.3' });
    expect(worstLevel([])).toBe('ok');
  });

  test('answers in time though a check hangs, names it, and does not ask it twice', async () => {
    let asked = 0;
    const answer = Promise.withResolvers<HealthCheck[]>();
    const hanging: HealthSource = {
      name: 'disk',
      checks: () => {
        asked += 1;
        return answer.promise;
      },
    };
    const { clock, health } = healthOf([hanging, { name: 'a', checks: () => [fine] }]);
    for (let round = 0; round < 3; round += 1) {
      const full = health.full();
      await clock.advance(2000);
      expect((await full).checks.map(({ id, level }) => [id, level])).toEqual([
        ['disk.check', 'warning'],
        ['a.b', 'ok'],
      ]);
      await clock.advance(1000);
    }
    expect(asked).toBe(1);
    answer.resolve([{ ...fine, id: 'disk.space' }]);
    await clock.advance(0);
    expect((await health.full()).status).toBe('ok');
  });

  test('a check that throws is a finding, not the end', async () => {
    const { health } = healthOf([
      {
        name: 'network',
        checks: () => {
          throw new Error('boom');
        },
      },
    ]);
    expect((await health.full()).checks).toMatchObject([{ id: 'network.check', level: 'failed' }]);
  });

  test('looks at most once a second however many ask', async () => {
    let asked = 0;
    const { clock, health } = healthOf([{ name: 'a', checks: () => [{ ...fine, value: ++asked }] }]);
    await Promise.all([health.full(), health.full()]);
    await health.full();
    expect(asked).toBe(1);
    await clock.advance(1000);
    await health.full();
    expect(asked).toBe(2);
  });

  test('keeps the short form true by itself', async () => {
    const level = { now: 'ok' as HealthCheck['level'] };
    const { clock, health } = healthOf([{ name: 'a', checks: () => [{ ...fine, level: level.now }] }]);
    const stop = new AbortController();
    const running = health.run(stop.signal);
    await clock.advance(1);
    level.now = 'failed';
    await clock.advance(10_000);
    expect(health.short().status).toBe('failed');
    stop.abort();
    await running;
  });
});
