import { describe, expect, test } from 'vitest';
import { behindOf, nextStep, type PlayerPicture, trimOf } from './buffer-policy.ts';

const picture = (currentTime: number, buffered: [number, number][], playbackRate = 1): PlayerPicture => ({
  currentTime,
  playbackRate,
  buffered: buffered.map(([start, end]) => ({ start, end })),
});

describe('staying close to now', () => {
  test('leaves a picture alone that is close enough', () => {
    expect(nextStep(picture(9.6, [[0, 10]]))).toEqual({ kind: 'stay' });
  });

  test('does nothing before the first picture', () => {
    expect(nextStep(picture(0, []))).toEqual({ kind: 'stay' });
    expect(behindOf(picture(0, []))).toBeNull();
  });

  test('goes to the first picture of a camera whose time does not begin at zero', () => {
    expect(nextStep(picture(0, [[4000, 4000.1]]))).toEqual({ kind: 'jump', to: 4000 });
  });

  test('hurries a little when it falls behind, and keeps hurrying until it is close', () => {
    expect(nextStep(picture(8.9, [[0, 10]]))).toEqual({ kind: 'rate', rate: 1.1 });
    expect(nextStep(picture(9.1, [[0, 10]], 1.1))).toEqual({ kind: 'stay' });
    expect(nextStep(picture(9.5, [[0, 10]], 1.1))).toEqual({ kind: 'stay' });
    expect(nextStep(picture(9.7, [[0, 10]], 1.1))).toEqual({ kind: 'rate', rate: 1 });
  });

  test('jumps after a stall instead of hurrying for minutes', () => {
    expect(nextStep(picture(2, [[0, 10]]))).toEqual({ kind: 'jump', to: 9.75 });
  });

  test('jumps over a hole, where no picture will ever come', () => {
    expect(
      nextStep(
        picture(5.2, [
          [0, 5],
          [7, 7.5],
        ]),
      ),
    ).toEqual({ kind: 'jump', to: 7.25 });
  });

  test('never jumps before the newest stretch', () => {
    expect(
      nextStep(
        picture(5.2, [
          [0, 5],
          [7, 7.1],
        ]),
      ),
    ).toEqual({ kind: 'jump', to: 7 });
  });

  test('waits at the end when the camera is silent', () => {
    expect(nextStep(picture(10, [[0, 10]]))).toEqual({ kind: 'stay' });
  });

  test('comes back when the camera begins its time anew', () => {
    expect(nextStep(picture(500, [[0, 1]]))).toEqual({ kind: 'jump', to: 0.75 });
  });
});

describe('trimming', () => {
  test('keeps the last seconds and throws away what is long past', () => {
    expect(trimOf(picture(30, [[5, 31]]))).toEqual({ start: 5, end: 22 });
  });

  test('does not trim a little every time', () => {
    expect(trimOf(picture(15, [[0, 16]]))).toBeNull();
    expect(trimOf(picture(0, []))).toBeNull();
  });
});
