import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { GateKeeper } from './gate-keeper.ts';
import type { Observation } from './ports.ts';

const format: StreamFormat = {
  video: { codec: 'h264', codecString: 'avc1.64001f', width: 640, height: 360, timescale: 1000, sampleEntry: new Uint8Array() },
  audio: null,
};

function video(bootMs: number, key = false): TimedPacket {
  return { track: 'video', dts: bootMs, compositionOffset: 0, duration: 100, key, data: new Uint8Array(1), bootMs };
}

/** A camera with a key picture each ten seconds, something moving during `moving`, and a gate that wakes at `wakeAtMs`. */
function longGroups(wakeAtMs: number, moving: { fromMs: number; toMs: number }, mayDecode = true) {
  const seen: number[] = [];
  let falseWakes = 0;
  const groupSoFar: TimedPacket[] = [];
  const keeper = new GateKeeper({
    logger: silentLogger,
    gate: () => ({
      observe: (packet) => packet.bootMs === wakeAtMs,
      falseWake: () => {
        falseWakes += 1;
      },
    }),
    async *lumas(_format, packets): AsyncGenerator<LumaPicture> {
      for await (const { bootMs } of packets) yield { width: 1, height: 1, luma: new Uint8Array(1), bootMs };
    },
    observe: ({ bootMs }): Observation => {
      seen.push(bootMs);
      const score = bootMs >= moving.fromMs && bootMs <= moving.toMs ? 0.9 : 0;
      return { bootMs, score, threshold: 0.5, boxes: [], zones: [], globalChange: false };
    },
    groupSoFar: () => groupSoFar,
    mayDecode: () => mayDecode,
  });
  const play = async (fromMs: number, toMs: number, keyGapMs: number) => {
    for (let bootMs = fromMs; bootMs < toMs; bootMs += 100) {
      groupSoFar.push(video(bootMs));
      keeper.packet(video(bootMs), keyGapMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { keeper, play, seen, falseWakes: () => falseWakes };
}

describe('between key pictures that are far apart', () => {
  test('a strained machine wakes no decoder', async () => {
    const camera = longGroups(1000, { fromMs: 800, toMs: 5000 }, false);
    camera.keeper.begin(format, true);
    await camera.play(0, 3000, 10_000);
    expect(camera.seen).toEqual([]);
  });

  test('a woken decoder sees the group from its beginning and goes on while something moves', async () => {
    const camera = longGroups(1000, { fromMs: 800, toMs: 5000 });
    camera.keeper.begin(format, true);
    await camera.play(0, 8000, 10_000);
    expect(camera.seen[0]).toBe(0);
    expect(camera.seen.at(-1)).toBeGreaterThan(5000);
    expect(camera.keeper.decoding).toBe(true);
    await camera.play(8000, 10_000, 10_000);
    expect(camera.keeper.decoding).toBe(false);
    expect(camera.falseWakes()).toBe(0);
  });

  test('a wake without a finding ends soon and makes the gate harder to wake', async () => {
    const camera = longGroups(1000, { fromMs: -1, toMs: -1 });
    camera.keeper.begin(format, true);
    await camera.play(0, 9000, 10_000);
    expect(camera.keeper.decoding).toBe(false);
    expect(camera.falseWakes()).toBe(1);
  });

  test('nothing is decoded where key pictures come often, or a sub-stream is there', async () => {
    const often = longGroups(1000, { fromMs: 0, toMs: 9000 });
    often.keeper.begin(format, true);
    await often.play(0, 3000, 2000);
    expect(often.seen).toEqual([]);
    const withSubStream = longGroups(1000, { fromMs: 0, toMs: 9000 });
    withSubStream.keeper.begin(format, false);
    await withSubStream.play(0, 3000, 10_000);
    expect(withSubStream.seen).toEqual([]);
  });

  test('the end of the stream ends the decoding', async () => {
    const camera = longGroups(1000, { fromMs: 0, toMs: 90_000 });
    camera.keeper.begin(format, true);
    await camera.play(0, 2000, 10_000);
    camera.keeper.end();
    await camera.play(2000, 2200, 10_000);
    expect(camera.keeper.decoding).toBe(false);
  });
});
