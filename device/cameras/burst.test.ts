import { expect, test } from 'vitest';
import type { LumaPicture, StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { Burst } from './burst.ts';
import type { Observation } from './ports.ts';

const format: StreamFormat = {
  video: { codec: 'h264', codecString: 'avc1.64001f', width: 640, height: 360, timescale: 1000, sampleEntry: new Uint8Array() },
  audio: null,
};

function video(bootMs: number): TimedPacket {
  return { track: 'video', dts: bootMs, compositionOffset: 0, duration: 1, key: bootMs === 0, data: new Uint8Array(1), bootMs };
}

/** Decodes as fast as it is fed and finds movement at one moment. */
async function foundIn(burst: Burst, movesAtMs: number): Promise<boolean> {
  return burst.run(
    format,
    {
      async *lumas(_format, packets): AsyncGenerator<LumaPicture> {
        for await (const { bootMs } of packets) yield { width: 1, height: 1, luma: new Uint8Array(1), bootMs };
      },
      observe: ({ bootMs }): Observation => {
        const score = bootMs === movesAtMs ? 0.9 : 0;
        return { bootMs, score, threshold: 0.5, boxes: [], zones: [], globalChange: false };
      },
    },
    new AbortController().signal,
  );
}

test('a burst within a group of very many pictures sees what comes after it was woken', async () => {
  const burst = new Burst(Array.from({ length: 1_000 }, (_, bootMs) => video(bootMs)));
  for (let bootMs = 1_000; bootMs <= 1_010; bootMs += 1) burst.packet(video(bootMs));
  burst.end();
  expect(await foundIn(burst, 1_010)).toBe(true);
});

test('a burst whose decoder does not keep up ends by itself', async () => {
  const burst = new Burst([video(0)]);
  for (let bootMs = 1; bootMs <= 1_000; bootMs += 1) burst.packet(video(bootMs));
  expect(await foundIn(burst, 1_000)).toBe(false);
});
