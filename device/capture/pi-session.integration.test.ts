import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PiSource } from '#device/contract/contract.ts';
import { systemClock } from '#device/kernel/clock.ts';
import { createLogger } from '#device/kernel/logger.ts';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import { CollectedCapture, captureUntil, failureOf } from '#device/testing/collected-capture.ts';
import { openRpicamStage, type RpicamStage } from '#device/testing/rpicam-stage.ts';
import type { SessionOptions } from './capture.ts';
import { createCapture } from './create-capture.ts';

/** No Raspberry Pi here: rpicam-vid is a stand-in that is as strict with its arguments and gives real H.264; ffmpeg is real. */

const source: PiSource = { kind: 'pi', width: 640, height: 360, framesPerSecond: 15, rotation: 180, exposure: { ev: -0.5 } };
const withDetection: SessionOptions = { audio: false, detectionWidth: 160, useSubStream: true };

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let stage: RpicamStage | null = null;
afterEach(async () => {
  await stage?.close();
  stage = null;
});

async function capture({ behaviour = {}, hasStage = true }: { behaviour?: object; hasStage?: boolean } = {}) {
  stage = await openRpicamStage(behaviour);
  const { programs, stageLibraries, compatibleFile } = stage;
  return createCapture({
    clock: systemClock,
    logger: createLogger('error'),
    deadlines: { openingMs: 30_000, silenceMs: 4_000 },
    pi: { programFolder: programs, compatibleFile, stageLibraries: hasStage ? stageLibraries : '/nowhere' },
  });
}

describe('A Pi camera', () => {
  it('brings its packets at the sensor’s own times, and small pictures without anything decoded', async () => {
    const room = await capture();
    const before = systemClock.boot();
    const sink = await captureUntil(
      room.session(source, withDetection),
      ({ video, pictures }) => video.length >= 35 && pictures.length >= 4,
    );

    expect(sink.formats).toHaveLength(1);
    expect(sink.formats[0]?.video).toMatchObject({ codec: 'h264', width: 640, height: 360 });
    expect(sink.video.map(({ key }) => key).indexOf(true, 1)).toBe(30);
    const gaps = sink.video.slice(1).map(({ dts }, index) => dts - (sink.video[index]?.dts ?? 0));
    for (const gap of gaps) expect(gap / 90).toBeCloseTo(1000 / 15, 0);
    const times = sink.video.map(({ bootMs }) => bootMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(before);
    expect(times.at(-1)).toBeLessThanOrEqual(systemClock.boot());
    expect(sink.pictures[0]).toMatchObject({ width: 160, height: 90 });
    expect(new Set(sink.pictures[0]?.luma).size).toBeGreaterThan(10);
  });

  it('has pictures that decode', async () => {
    const room = await capture();
    const sink = await captureUntil(room.session(source, { ...withDetection, detectionWidth: null }), ({ video }) => video.length >= 3);
    const format = sink.formats[0];
    if (!format) throw new Error('no format');
    const jpeg = await room.jpeg(format, sink.packets, { maxWidth: 320 }, new AbortController().signal);
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    expect(sink.pictures).toEqual([]);
  });

  it('has its key pictures decoded where the image processor’s small ones are not to be had', async () => {
    const room = await capture({ hasStage: false });
    const sink = await captureUntil(
      room.session({ ...source, framesPerSecond: 10 }, withDetection),
      ({ pictures }) => pictures.length >= 2,
    );
    expect(sink.pictures[0]).toMatchObject({ width: 160, height: 90 });
    // Each is there long before the next key picture.
    const keys = sink.video.filter(({ key }) => key);
    expect(keys.length).toBeLessThanOrEqual(2);
    expect(sink.pictures[0]?.bootMs).toBe(keys[0]?.bootMs);
  });

  it('leaves out what an older rpicam-vid does not know', async () => {
    const room = await capture({ behaviour: { lacks: ['low-latency', 'metadata', 'metadata-format', 'post-process-libs'] } });
    const sink = await captureUntil(room.session(source, withDetection), ({ video }) => video.length >= 20);
    const times = sink.video.map(({ bootMs }) => bootMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('is opened anew at once when its sensor hangs, and the owner is told', async () => {
    const room = await capture();
    const filming = new CollectedCapture();
    const ended = failureOf(room.session(source, withDetection).run(new AbortController().signal, filming));
    await filming.until(() => filming.video.length > 3);
    await stage?.behave({ hangs: true });
    const failure = await ended;
    expect(failure).toBeInstanceOf(RestartAtOnce);
    expect(failure.message).toBe('The sensor of the Pi camera stopped sending pictures.');

    await stage?.behave({});
    const sink = await captureUntil(room.session(source, withDetection), ({ notes }) => notes.length > 0);
    expect(sink.notes[0]).toContain('was started anew once');
  });

  it('is given up when it stalls without a word', async () => {
    const room = await capture();
    const filming = new CollectedCapture();
    const ended = failureOf(room.session(source, withDetection).run(new AbortController().signal, filming));
    await filming.until(() => filming.video.length > 3);
    await stage?.behave({ stalls: true });
    expect((await ended).kind).toBe('timeout');
  });

  it.each([
    ['failed to acquire camera /base/soc/i2c0mux/i2c@1/imx708@1a', 'camera-refused', 'Another program uses this Pi camera.'],
    ['Unable to find an appropriate H.264 codec', 'unavailable', 'This device has no encoder for the Pi camera.'],
    ['something nobody thought of', 'camera-offline', 'The Pi camera’s program ended.'],
  ])('says what is wrong when rpicam-vid says %s', async (failsWith, kind, message) => {
    const room = await capture({ behaviour: { failsWith } });
    const failure = await failureOf(room.session(source, withDetection).run(new AbortController().signal, new CollectedCapture()));
    expect({ kind: failure.kind, message: failure.message }).toEqual({ kind, message });
  });
});

describe('Probing a Pi camera', () => {
  it('says what it will give, without opening it', async () => {
    const room = await capture();
    const found = await room.probe({ ...source, width: 1920, height: 1080, framesPerSecond: 60 }, new AbortController().signal);
    expect(found.summary).toBe(
      'imx708_wide (/base/soc/i2c0mux/i2c@1/imx708@1a): 1920×1080 H.264 at 60 frames a second, by the hardware encoder',
    );
    expect(found.warnings).toEqual([
      'At this size the sensor gives at most 56 pictures a second.',
      'The hardware encoder of this Pi takes 1920×1080 at 30 pictures a second at most.',
    ]);
  });

  it('names the cameras there are when the one asked for is not among them', async () => {
    const room = await capture();
    const failure = await failureOf(room.probe({ ...source, camera: '/base/soc/i2c0mux/i2c@0/imx219@10' }, new AbortController().signal));
    expect(failure.kind).toBe('camera-unreachable');
    expect(failure.action).toBe('Connected: imx708_wide (/base/soc/i2c0mux/i2c@1/imx708@1a).');
  });

  it('says that there is none', async () => {
    const room = await capture({ behaviour: { cameras: 'No cameras available!\n' } });
    const failure = await failureOf(room.probe(source, new AbortController().signal));
    expect(failure.message).toBe('No Pi camera is connected.');
  });

  it('begins with the list of what is plugged in', async () => {
    const room = await capture();
    expect((await room.piCameras()).map(({ id, model }) => ({ id, model }))).toEqual([
      { id: '/base/soc/i2c0mux/i2c@1/imx708@1a', model: 'imx708_wide' },
    ]);
  });

  it('says that this is no Pi', async () => {
    const room = createCapture({ clock: systemClock, logger: createLogger('error'), pi: { programFolder: '/nowhere' } });
    expect(await room.piCameras()).toEqual([]);
    const failure = await failureOf(room.probe(source, new AbortController().signal));
    expect(failure.kind).toBe('unavailable');
  });
});
