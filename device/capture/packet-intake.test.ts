import { expect, test } from 'vitest';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { fragment } from '#device/media/mp4/fragment.ts';
import { initSegment } from '#device/media/mp4/init-segment.ts';
import { h264Track } from '#device/media/nal/h264.ts';
import { CollectedCapture } from '#device/testing/collected-capture.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { PacketIntake } from './packet-intake.ts';

const sps = Buffer.from('67640028acd940780227e5c04400000300040000030f03c60c658'.padEnd(54, '0'), 'hex');
const format = { video: h264Track(sps, Buffer.from('68ebe3cb22c0', 'hex'), 90_000), audio: null };

/** A child that writes 20 pictures a second, each when the next one came; times are said in pictures. */
class Scene {
  readonly clock = new SimulatedClock();
  readonly sink = new CollectedCapture();
  readonly #intake = new PacketIntake(this.clock, this.sink, false);

  constructor() {
    this.#intake.pushVideo(initSegment(format));
  }

  async film(...times: number[]): Promise<void> {
    for (const [index, at] of times.slice(0, -1).entries()) {
      await this.clock.advance(50);
      this.#write(at, (times[index + 1] ?? 0) - at);
    }
  }

  #write(at: number, pictures: number): void {
    const packet = { track: 'video', dts: at * 4500, compositionOffset: 0, duration: pictures * 4500, key: at === 0 } as const;
    this.#intake.pushVideo(fragment(at + 1, [{ ...packet, data: new Uint8Array(8) }]));
  }
}

test('the packets of a child come as it wrote them, on the boot clock', async () => {
  const scene = new Scene();
  await scene.film(0, 1, 2, 3, 4);
  expect(scene.sink.video.map(({ dts }) => dts / 4500)).toEqual([0, 1, 2, 3]);
  expect((scene.sink.video[3]?.bootMs ?? 0) - (scene.sink.video[0]?.bootMs ?? 0)).toBeCloseTo(150, 0);
});

test('a camera that sets its clock forward is opened anew, and no picture seems to last until then', async () => {
  const scene = new Scene();
  await expect(scene.film(0, 1, 2, 30_000, 30_001)).rejects.toThrow(RestartAtOnce);
  expect(scene.sink.video.map(({ duration }) => duration / 4500)).toEqual([1, 1]);
});

test('a silence of the camera is none of its clock', async () => {
  const scene = new Scene();
  await scene.film(0, 1, 2);
  await scene.clock.advance(4000);
  await scene.film(2, 83, 84);
  expect(scene.sink.video.map(({ dts }) => dts / 4500)).toEqual([0, 1, 2, 83]);
});

test('a first picture that the camera had kept for a while is not held against it', async () => {
  const scene = new Scene();
  await scene.film(0, 200, 201, 202);
  expect(scene.sink.video.map(({ dts }) => dts / 4500)).toEqual([0, 200, 201]);
});
