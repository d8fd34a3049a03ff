import { expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { watchForSilence } from './watch.ts';

function watch(lastMs: () => number | null) {
  const clock = new SimulatedClock();
  const stop = new AbortController();
  const said: string[] = [];
  const ended = watchForSilence(clock, { openingMs: 15_000, silenceMs: 5000 }, stop.signal, lastMs).then(
    () => said.push('stopped'),
    (error: Error) => said.push(error.message),
  );
  return { clock, stop, said, ended };
}

test('a camera that never sends is given up after the opening time', async () => {
  const { clock, said } = watch(() => null);
  await clock.advance(14_999);
  expect(said).toEqual([]);
  await clock.advance(1);
  expect(said).toEqual([expect.stringContaining('none came within 15 seconds')]);
});

test('a camera that falls silent is given up after the silence, not before', async () => {
  let last = 0;
  const { clock, said } = watch(() => last);
  await clock.advance(4000);
  last = 4000;
  await clock.advance(4999);
  expect(said).toEqual([]);
  await clock.advance(1);
  expect(said).toEqual([expect.stringContaining('for 5 seconds')]);
});

test('a camera that begins and falls silent within the opening time is given up after the silence', async () => {
  let last: number | null = null;
  const { clock, said } = watch(() => last);
  await clock.advance(1500);
  last = 1500;
  await clock.advance(5000);
  expect(said).toEqual([expect.stringContaining('for 5 seconds')]);
});

test('an abort ends the watch quietly', async () => {
  const { stop, said, ended } = watch(() => null);
  stop.abort();
  await ended;
  expect(said).toEqual(['stopped']);
});
