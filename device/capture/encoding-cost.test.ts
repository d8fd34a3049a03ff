import { expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { measureMs, readProcessorSeconds, settleMs, tellEncodingCost } from './encoding-cost.ts';

const stat = (user: number, system: number) => `42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 ${user} ${system} 0 0 20 0 4 0 100 1 1`;

test('the processor’s seconds are read behind any name of a program', () => {
  expect(readProcessorSeconds(stat(150, 50))).toBe(2);
  expect(readProcessorSeconds('42 (gone')).toBeNull();
});

test('encoding is said to cost what it cost, once, without its start', async () => {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const stop = new AbortController();
  const seconds = async () => (clock.boot() < settleMs ? 0 : 30 + ((clock.boot() - settleMs) / 1000) * 0.34);
  const done = tellEncodingCost({ clock, pid: 42, seconds }, (note) => told.push(note), stop.signal);
  await clock.advance(settleMs + measureMs - 1);
  expect(told).toEqual([]);
  await clock.advance(60_000);
  await done;
  expect(told).toEqual([expect.stringContaining('34 % of one processor core')]);
});

test('and nothing is said of a session that ended before', async () => {
  const clock = new SimulatedClock();
  const stop = new AbortController();
  const done = tellEncodingCost({ clock, pid: 42, seconds: async () => 1 }, () => expect.unreachable(), stop.signal);
  await clock.advance(settleMs);
  stop.abort();
  await done;
});
