import { expect, test } from 'vitest';
import { BootTimes } from './boot-times.ts';

/** 20 pictures a second from boot time 1000 on, each late by what `delay` says; answers the mapped times. */
function play(times: BootTimes, pictures: number, delay: (index: number) => number, drift = 0): number[] {
  const answers: number[] = [];
  for (let index = 0; index < pictures; index += 1) {
    const streamMs = index * 50;
    const arrivalMs = 1000 + streamMs * (1 + drift) + delay(index);
    times.observe(streamMs, arrivalMs, index % 40 === 0);
    answers.push(times.rising('video', streamMs, arrivalMs));
  }
  return answers;
}

function gaps(answers: number[]): number[] {
  return answers.slice(1).map((answer, index) => answer - (answers[index] ?? 0));
}

test('network jitter does not reach the mapped times', () => {
  const answers = play(new BootTimes(), 400, (index) => (index % 7) * 13);
  expect(Math.max(...gaps(answers).slice(100))).toBeLessThan(51);
  expect(Math.min(...gaps(answers).slice(100))).toBeGreaterThan(49);
});

test('a stream that begins with a burst of late pictures is mapped right soon, rising all the while and never into the future', () => {
  const delay = (index: number) => Math.max(0, 1500 - index * 50);
  const answers = play(new BootTimes(), 200, delay);
  expect(gaps(answers).every((gap) => gap > 0)).toBe(true);
  answers.forEach((answer, index) => {
    expect(answer).toBeLessThanOrEqual(1000 + index * 50 + delay(index) + 0.001 * index + 0.001);
  });
  expect(answers.at(-1)).toBeCloseTo(1000 + 199 * 50, 0);
});

test('a camera whose clock is slow by a thousandth is followed', () => {
  const answers = play(new BootTimes(), 20 * 600, () => 0, 0.001);
  const arrival = 1000 + (20 * 600 - 1) * 50 * 1.001;
  expect(arrival - (answers.at(-1) ?? 0)).toBeLessThan(100);
});

test('a camera that sets its clock back does not take the mapped times back', () => {
  const times = new BootTimes();
  const before = play(times, 100, () => 0).at(-1) ?? 0;
  times.observe(0, 7000, true);
  const after = times.rising('video', 0, 7000);
  expect(after).toBeGreaterThan(before);
  expect(after).toBeCloseTo(7000, 0);
});

test('pictures get the time of the packet they were made of', () => {
  const times = new BootTimes();
  expect(times.bootMs(5)).toBeNull();
  const answers = play(times, 100, () => 0);
  expect(times.bootMs(40 * 50)).toBeCloseTo(answers[40] ?? 0, 3);
});
