import { describe, expect, test } from 'vitest';
import { CallerLimit } from './caller-limit.ts';

describe('what a caller may ask', () => {
  const limit = () => new CallerLimit({ perCaller: 2, perNetwork: 5, durationSeconds: 60 });

  test('is bounded for each caller alone', async () => {
    const asked = limit();
    expect(await asked.take('10.0.0.1')).toBe(0);
    expect(await asked.take('10.0.0.1')).toBe(0);
    expect(await asked.take('10.0.0.1')).toBeGreaterThan(59_000);
    expect(await asked.take('10.0.0.2')).toBe(0);
  });

  test('is not used up by a neighbour, however often that one asks', async () => {
    const asked = limit();
    for (let count = 0; count < 20; count += 1) await asked.take('fe80::bad');
    expect(await asked.take('fe80::1')).toBe(0);
  });

  test('is bounded for all neighbours of an IPv6 network together', async () => {
    const asked = limit();
    for (let host = 1; host <= 5; host += 1) expect(await asked.take(`fe80::${host}`)).toBe(0);
    expect(await asked.take('fe80::6')).toBeGreaterThan(59_000);
    expect(await asked.take('fd00::6')).toBe(0);
  });

  test('begins anew for a caller and its network when what came before is forgotten', async () => {
    const asked = limit();
    for (let host = 1; host <= 5; host += 1) await asked.take(`fe80::${host}`);
    await asked.forget('fe80::1');
    expect(await asked.take('fe80::1')).toBe(0);
    expect(await asked.take('fe80::1')).toBe(0);
    expect(await asked.take('fe80::1')).toBeGreaterThan(0);
  });
});
