import hooks from 'node:perf_hooks';
import { describe, expect, test, vi } from 'vitest';
import { type CameraFigures, createMetrics } from './metrics.ts';

const front: CameraFigures = {
  id: 'front',
  online: true,
  recording: false,
  lastFrameAgeMs: 40,
  framesTotal: 100,
  bytesTotal: 5000,
  restartsTotal: 1,
  viewers: 2,
};
const storage = { totalBytes: 100, freeBytes: 40, recordingsBytes: 50, recordings: 3, videoBytesTotal: 10, writtenBytesTotal: 11 };

function metricsOf(cameras: { now: CameraFigures[] }) {
  return createMetrics({ cameras: () => cameras.now, storage: async () => storage, healthLevel: () => 2 });
}
const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('kerberos_'));

describe('metrics', () => {
  test('tell cameras, storage, health and the process', async () => {
    const text = await metricsOf({ now: [front] }).render();
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        'kerberos_camera_online{camera="front"} 1',
        'kerberos_camera_last_frame_age_seconds{camera="front"} 0.04',
        'kerberos_camera_frames_total{camera="front"} 100',
        'kerberos_camera_viewers{camera="front"} 2',
        'kerberos_storage_recordings 3',
        'kerberos_storage_free_bytes 40',
        'kerberos_health_level 2',
      ]),
    );
    expect(text).toContain('process_resident_memory_bytes');
  });

  test('look at the delay of the event loop twice a second, not a hundred times', () => {
    const sampled = vi.spyOn(hooks, 'monitorEventLoopDelay');
    metricsOf({ now: [] });
    expect(sampled.mock.calls).toEqual([[{ resolution: 500 }]]);
    sampled.mockRestore();
  });

  test('counters never fall, though a camera begins to count anew', async () => {
    const cameras = { now: [front] };
    const metrics = metricsOf(cameras);
    await metrics.render();
    cameras.now = [{ ...front, framesTotal: 130 }];
    expect(await metrics.render()).toContain('kerberos_camera_frames_total{camera="front"} 130');
    cameras.now = [{ ...front, framesTotal: 20 }];
    expect(await metrics.render()).toContain('kerberos_camera_frames_total{camera="front"} 150');
  });

  test('a removed camera is gone, and two devices in one process do not share figures', async () => {
    const cameras = { now: [front] };
    const metrics = metricsOf(cameras);
    await metrics.render();
    cameras.now = [];
    expect(await metrics.render()).not.toContain('camera="front"');
    expect(await metricsOf({ now: [front] }).render()).toContain('camera="front"');
  });

  test('a camera that never sent a frame has no age', async () => {
    expect(await metricsOf({ now: [{ ...front, lastFrameAgeMs: null }] }).render()).not.toContain('age_seconds{');
  });
});
