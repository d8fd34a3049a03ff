import { expect, test } from 'vitest';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { Failure } from './failure.ts';
import { type Attempt, RestartAtOnce, supervise } from './supervise.ts';

function stage() {
  const clock = new SimulatedClock();
  const attempts: Attempt[] = [];
  const starts: { atMs: number; alive: () => void; fail: (error: unknown) => void; finish: () => void }[] = [];
  const stop = new AbortController();
  const ended = supervise(
    {
      clock,
      backoff: { firstMs: 1000, maxMs: 8000, jitter: 0, random: () => 0 },
      failed: (attempt) => attempts.push(attempt),
      start: (signal, alive) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          starts.push({ atMs: clock.boot(), alive, fail: reject, finish: resolve });
        }),
    },
    stop.signal,
  );
  return { clock, attempts, starts, stop, ended };
}

test('failures without a sign of life are further and further apart; life resets that', async () => {
  const { clock, attempts, starts, stop, ended } = stage();
  for (let round = 0; round < 3; round += 1) {
    starts.at(-1)?.fail(new Failure('timeout', 'no'));
    await clock.advance(10_000);
  }
  starts.at(-1)?.alive();
  starts.at(-1)?.fail(new Failure('timeout', 'no'));
  await clock.advance(10_000);
  expect(attempts.map(({ delayMs }) => delayMs)).toEqual([1000, 2000, 4000, 1000]);
  expect(attempts.map(({ failures }) => failures)).toEqual([1, 2, 3, 1]);
  expect(starts).toHaveLength(5);
  stop.abort();
  await ended;
});

test('what only needs a fresh start gets it at once, but not for ever without life', async () => {
  const { clock, attempts, starts, stop, ended } = stage();
  starts[0]?.alive();
  starts[0]?.fail(new RestartAtOnce('camera-offline', 'format changed'));
  await clock.advance(0);
  expect(starts).toHaveLength(2);
  starts[1]?.fail(new RestartAtOnce('camera-offline', 'format changed'));
  await clock.advance(999);
  expect(starts).toHaveLength(2);
  await clock.advance(1);
  expect(starts).toHaveLength(3);
  expect(attempts.map(({ delayMs }) => delayMs)).toEqual([0, 1000]);
  stop.abort();
  await ended;
});

test('rubbish after every first frame does not start it anew without a pause', async () => {
  const { clock, attempts, starts, stop, ended } = stage();
  for (let round = 0; round < 3; round += 1) {
    starts.at(-1)?.alive();
    starts.at(-1)?.fail(new RestartAtOnce('camera-no-video', 'rubbish'));
    await clock.advance(1000);
  }
  expect(attempts.map(({ delayMs }) => delayMs)).toEqual([0, 1000, 1000]);
  await clock.advance(10_000);
  starts.at(-1)?.alive();
  starts.at(-1)?.fail(new RestartAtOnce('camera-offline', 'format changed'));
  await clock.advance(0);
  expect(attempts.at(-1)?.delayMs).toBe(0);
  stop.abort();
  await ended;
});

test('an abort ends it while it runs and while it pauses', async () => {
  const running = stage();
  running.stop.abort(new Error('enough'));
  await running.ended;
  expect(running.attempts).toEqual([]);

  const pausing = stage();
  pausing.starts[0]?.fail(new Failure('timeout', 'no'));
  await pausing.clock.advance(10);
  pausing.stop.abort();
  await pausing.ended;
  expect(pausing.starts).toHaveLength(1);
});

test('a run that returns is finished and not repeated', async () => {
  const { starts, ended, attempts } = stage();
  starts[0]?.finish();
  await ended;
  expect(attempts).toEqual([]);
  expect(starts).toHaveLength(1);
});
