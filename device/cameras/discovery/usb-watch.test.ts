import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { UsbWatch } from './usb-watch.ts';
import type { VideoNode } from './video-nodes.ts';

const device = { model: '046d:082d', serial: 'A1', port: 'xhci/1', node: 0 };
const nodeAt = (path: string): VideoNode => ({ path, label: 'Webcam', isUsb: true, device });

let clock: SimulatedClock;
let nodes: VideoNode[];
let isOnline: boolean;
let opened: number[];
let tellChange: () => void;
let canWatch: boolean;

beforeEach(() => {
  clock = new SimulatedClock();
  nodes = [nodeAt('/dev/video0')];
  isOnline = true;
  opened = [];
  canWatch = true;
});

function watching(openNow: () => Promise<void> = async () => {}): () => Promise<void> {
  const stop = new AbortController();
  const watch = new UsbWatch({
    clock,
    logger: silentLogger,
    nodes: async () => nodes,
    cameras: () => [{ id: 'desk', device, isOnline }],
    openNow: async () => {
      opened.push(clock.boot());
      await openNow();
    },
    changed: (signal) =>
      new Promise((resolve, reject) => {
        if (!canWatch) reject(new Error('no inotify'));
        tellChange = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  });
  const done = watch.run(stop.signal);
  return async () => {
    stop.abort();
    await done;
  };
}

describe('a camera that is plugged in again', () => {
  test('is opened at once when the kernel tells', async () => {
    const stop = watching();
    await clock.advance(10_000);
    nodes = [];
    isOnline = false;
    tellChange();
    await clock.advance(60_000);
    expect(opened).toEqual([]);
    nodes = [nodeAt('/dev/video1')];
    tellChange();
    await clock.advance(500);
    expect(opened).toHaveLength(1);
    await clock.advance(60_000);
    expect(opened).toHaveLength(1);
    await stop();
  });

  test('is found by looking where nothing is told', async () => {
    canWatch = false;
    const stop = watching();
    await clock.advance(4_000);
    nodes = [];
    isOnline = false;
    await clock.advance(4_000);
    nodes = [nodeAt('/dev/video0')];
    await clock.advance(4_000);
    expect(opened).toHaveLength(1);
    await stop();
  });

  test('is left alone when it delivers, or was there from the start', async () => {
    isOnline = false;
    const stop = watching();
    await clock.advance(10_000);
    isOnline = true;
    nodes = [nodeAt('/dev/video3')];
    await clock.advance(10_000);
    expect(opened).toEqual([]);
    await stop();
  });

  test('and cannot be opened does not end the watch', async () => {
    isOnline = false;
    nodes = [];
    const stop = watching(() => Promise.reject(new Error('removed meanwhile')));
    await clock.advance(4_000);
    for (let time = 0; time < 2; time += 1) {
      nodes = [nodeAt('/dev/video0')];
      await clock.advance(4_000);
      nodes = [];
      await clock.advance(4_000);
    }
    expect(opened).toHaveLength(2);
    await stop();
  });
});
