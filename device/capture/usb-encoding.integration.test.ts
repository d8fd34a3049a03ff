import { describe, expect, test } from 'vitest';
import { systemClock } from '#device/kernel/clock.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { captureUntil } from '#device/testing/collected-capture.ts';
import { encodingFor } from './encoding.ts';
import { processorSeconds } from './encoding-cost.ts';
import { FfmpegSession } from './ffmpeg-session.ts';
import type { InputOpener } from './open-input.ts';
import { takePreview } from './preview.ts';
import type { ChosenMode } from './usb-mode.ts';
import { probeBySession } from './usb-probe.ts';
import { defaultDeadlines } from './watch.ts';

const { signal } = new AbortController();
const mode: ChosenMode = { format: 'raw', inputFormat: 'yuyv422', width: 640, height: 360, framesPerSecond: 25, keptFramesPerSecond: 10 };
const source = {
  kind: 'usb',
  device: { model: '046d:082d', port: 'xhci/1', node: 0 },
  width: 640,
  height: 360,
  framesPerSecond: 10,
  format: 'auto',
} as const;

/** ffmpeg's own pictures in a USB camera's place: no machine of ours has one. All behind them is what a camera gets. */
function inputs(lateHeader: boolean): InputOpener {
  const scene = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25,format=yuyv422'];
  const encoding = encodingFor(mode, 'libx264');
  return {
    open: async () => ({
      input: { args: scene, script: null, secrets: [], encoding: encoding && { ...encoding, lateHeader } },
      notes: ['encoded by the processor'],
      trouble: () => null,
      close: async () => {},
    }),
  };
}

function session(lateHeader = false, detectionWidth: number | null = 160): FfmpegSession {
  const deps = {
    clock: systemClock,
    logger: silentLogger,
    ffmpegPath: 'ffmpeg',
    inputs: inputs(lateHeader),
    audioModes: new Map(),
    deadlines: defaultDeadlines,
  };
  return new FfmpegSession(deps, source, { audio: true, detectionWidth, useSubStream: false });
}

describe('pictures that the camera did not encode', () => {
  test('become H.264 with a key picture every two seconds, and two pictures a second for detection, from one child', async () => {
    const sink = await captureUntil(session(), ({ video }) => video.filter(({ key }) => key).length >= 3);
    expect(sink.formats).toEqual([expect.objectContaining({ audio: null, video: expect.objectContaining({ codec: 'h264', width: 640 }) })]);
    const { timescale } = sink.formats[0]?.video ?? { timescale: 1 };
    // The stream's own time: when packets arrive depends on how busy the machine is.
    const seconds = sink.video.map(({ dts }) => dts / timescale);
    const keys = seconds.filter((_, index) => sink.video[index]?.key);
    for (const [index, second] of keys.slice(1).entries()) expect(Math.abs(second - (keys[index] ?? 0) - 2)).toBeLessThan(0.15);
    expect((seconds.length - 1) / ((seconds.at(-1) ?? 0) - (seconds[0] ?? 0))).toBeCloseTo(10, 0);
    expect(sink.pictures.length).toBeGreaterThanOrEqual(6);
    expect(sink.pictures[0]).toMatchObject({ width: 160, height: 90 });
    expect(Math.abs((sink.pictures.at(-1)?.bootMs ?? 0) - (sink.video.at(-1)?.bootMs ?? 0))).toBeLessThan(1_000);
    expect(sink.notes).toEqual(['encoded by the processor']);
  });

  test('come through a header that waits for the first of them too, as the board’s encoder needs it', async () => {
    const sink = await captureUntil(session(true, null), ({ video }) => video.length >= 15);
    expect(sink.formats[0]?.video).toMatchObject({ codec: 'h264', width: 640, height: 360 });
    expect(sink.pictures).toEqual([]);
  });

  test('are tried out as they will be recorded', async () => {
    const result = await probeBySession(session(false, null), systemClock, signal);
    expect(result.summary).toMatch(/^640×360 H\.264 at (7|8|9|10|11|12|13) frames a second, without sound$/);
    expect(result.stream.keyIntervalMs).toBeGreaterThan(1_500);
    expect(result.warnings).toEqual(['encoded by the processor']);
  });

  test('are seen once without being recorded', async () => {
    const jpeg = await takePreview({ clock: systemClock, ffmpegPath: 'ffmpeg', inputs: inputs(false) }, source, { maxWidth: 320 }, signal);
    expect([...jpeg.subarray(0, 2), ...jpeg.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
  });
});

test('what a program takes of the processor is read from the kernel', async () => {
  const before = (await processorSeconds(process.pid)) ?? 0;
  const until = process.cpuUsage().user + 60_000;
  while (process.cpuUsage().user < until);
  expect((await processorSeconds(process.pid)) ?? 0).toBeGreaterThan(before);
  expect(await processorSeconds(2 ** 30)).toBeNull();
});
