import { describe, expect, test } from 'vitest';
import { AudioTimes } from './audio-times.ts';

const rateHz = 16_000;
const frameMs = 64;

/** Pictures each 50 ms from 10 s on, and sound whose own clock began at another moment; sound frame n ends `lagMs` before it comes in. */
function play(
  seconds: number,
  { lagMs = 0, jitterMs = () => 0, skip = -1 }: { lagMs?: number; jitterMs?: (n: number) => number; skip?: number },
) {
  const times = new AudioTimes(rateHz);
  const heard: { frame: number; dts: number }[] = [];
  const arrivals: { atMs: number; hear?: number; see?: number }[] = [];
  for (let n = 0; n * 50 < seconds * 1000; n += 1) arrivals.push({ atMs: 10_000 + n * 50 + jitterMs(n), see: n });
  for (let n = 0; n * frameMs < seconds * 1000; n += 1) {
    if (n !== skip) arrivals.push({ atMs: 10_000 + (n + 1) * frameMs + lagMs + jitterMs(n + 1000), hear: n });
  }
  for (const { atMs, see, hear } of arrivals.sort((a, b) => a.atMs - b.atMs)) {
    if (see !== undefined) times.video(see * 50, atMs, see % 40 === 0);
    if (hear !== undefined) {
      const dts = times.audio(hear * 1024, atMs);
      if (dts !== null) heard.push({ frame: hear, dts });
    }
  }
  return heard;
}

const steps = (heard: readonly { dts: number }[]) => heard.slice(1).map(({ dts }, index) => dts - (heard[index]?.dts ?? 0));

describe('the times of sound', () => {
  test('are those of the pictures that came at the same time, frame upon frame', () => {
    const heard = play(10, {});
    expect(heard[0]).toEqual({ frame: 0, dts: 0 });
    expect(new Set(steps(heard))).toEqual(new Set([1024]));
  });

  test('do not follow the unrest of the network', () => {
    const heard = play(20, { jitterMs: (n) => (n * 7919) % 30 });
    expect(new Set(steps(heard).slice(4))).toEqual(new Set([1024]));
    const last = heard.at(-1);
    expect(Math.abs((last?.dts ?? 0) - (last?.frame ?? 0) * 1024)).toBeLessThan(rateHz * 0.06);
  });

  test('leave a gap where frames are missing', () => {
    expect(steps(play(5, { skip: 40 })).filter((step) => step !== 1024)).toEqual([2048]);
  });

  test('rise, though sound turns out to come early', () => {
    const heard = play(10, { jitterMs: (n) => (n === 0 ? 900 : 0) });
    expect(Math.min(...steps(heard))).toBeGreaterThan(0);
  });

  test('are none before the first picture', () => {
    expect(new AudioTimes(rateHz).audio(0, 10_000)).toBeNull();
  });
});
