import { describe, expect, test } from 'vitest';
import type { TimedPacket } from '#device/media/packet.ts';
import { seededRandom } from '#device/testing/seeded-random.ts';
import { SizeGate } from './packet-gate.ts';

const framesPerSecond = 20;
const framesPerGroup = 200;

interface Watched {
  lastsS: number;
  /** How many times larger than usual pictures are. */
  factor(seconds: number): number;
  onWake?(gate: SizeGate): void;
  groupFrames?: number;
}

/** Seconds at which the gate woke. Key pictures are large, later ones grow slowly, as encoders do it. */
function wakes({ lastsS, factor, onWake, groupFrames = framesPerGroup }: Watched): number[] {
  const random = seededRandom(3);
  const gate = new SizeGate();
  const found: number[] = [];
  for (let frame = 0; frame < lastsS * framesPerSecond; frame++) {
    const seconds = frame / framesPerSecond;
    const position = frame % groupFrames;
    const usual = position === 0 ? 60_000 : 1500 * (1 + position / 400);
    const size = Math.round(usual * factor(seconds) * 2 ** (0.2 * random.gaussian()));
    if (!gate.observe(packetOf(seconds, position === 0, size))) continue;
    found.push(seconds);
    onWake?.(gate);
  }
  return found;
}

function packetOf(seconds: number, key: boolean, sizeBytes: number): TimedPacket {
  return { track: 'video', dts: 0, compositionOffset: 0, duration: 0, key, data: new Uint8Array(sizeBytes), bootMs: seconds * 1000 };
}

describe('watching packet sizes', () => {
  test('wakes soon after pictures become larger than usual', () => {
    const [first] = wakes({ lastsS: 120, factor: (s) => (s >= 93 && s < 99 ? 2 : 1) });
    expect(first).toBeGreaterThanOrEqual(93);
    expect(first).toBeLessThan(95);
  });

  test('sleeps through an even stream', () => {
    expect(wakes({ lastsS: 300, factor: () => 1 }).length).toBeLessThanOrEqual(2);
  });

  test('is silent while it does not know what is usual', () => {
    expect(wakes({ lastsS: 39, factor: (s) => (s > 20 ? 4 : 1) })).toEqual([]);
  });

  test('false wakes make it harder to wake', () => {
    const pulsing = (s: number) => (s > 60 && s % 10 > 7 ? 1.3 : 1);
    const trusting = wakes({ lastsS: 400, factor: pulsing });
    const wary = wakes({ lastsS: 400, factor: pulsing, onWake: (gate) => gate.falseWake() });
    expect(trusting.length).toBeGreaterThan(8);
    expect(wary.length).toBeLessThan(trusting.length / 2);
  });

  test('never wakes on a stream of key pictures alone', () => {
    expect(wakes({ lastsS: 120, factor: (s) => (s > 90 ? 3 : 1), groupFrames: 1 })).toEqual([]);
  });
});
