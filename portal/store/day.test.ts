import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { Recording } from '../api/api.ts';
import { zonedTime } from '../format/time.ts';
import { createDay } from './day.ts';

const start = '2026-06-01T08:00:00.000Z';

const recordingOf = (cameraId: string, cameraName: string): Recording => ({
  id: `of-${cameraId}`,
  cameraId,
  cameraName,
  start,
  durationMs: 60_000,
  sizeBytes: 1_000_000,
  trigger: 'motion',
  state: 'closed',
  clock: 'set',
  protected: false,
  repaired: false,
  videoCodecString: 'avc1.42c01f',
  width: 640,
  height: 360,
  hasAudio: false,
  fileName: `${cameraId}.mp4`,
});

const dayOf = (recordings: Recording[]) => {
  const none = async (): Promise<never> => {
    throw new Error('not asked for here');
  };
  return createDay(
    {
      recordings: async () => ({ kind: 'ok', value: { recordings, next: null } }),
      events: async () => ({ kind: 'ok', value: { events: [], next: null } }),
      coverage: async (id) => ({
        kind: 'ok',
        value: [{ start, end: '2026-06-01T08:01:00.000Z', trigger: 'motion', recordingId: `of-${id}` }],
      }),
      days: async () => ({ kind: 'ok', value: [] }),
      protect: none,
      removeRecordings: none,
    },
    signal(zonedTime('UTC')),
  );
};

const contentOf = async (recordings: Recording[], cameras: string[]) => {
  const day = dayOf(recordings);
  day.want({ day: '2026-06-01', camera: null, cameras });
  await expect.poll(() => day.content.value.loading).toBe(false);
  return day.content.value.value;
};

describe('a day', () => {
  test('knows when cameras that were removed since recorded, so that it can still be played', async () => {
    const content = await contentOf([recordingOf('yard', 'Yard'), recordingOf('front', 'Front')], ['front']);
    expect(content?.removedCameras).toEqual([{ id: 'yard', name: 'Yard' }]);
    expect(content?.coverage.get('yard')).toMatchObject([{ recordingId: 'of-yard', startMs: Date.parse(start) }]);
    expect(content?.coverage.get('front')).toHaveLength(1);
  });

  test('lists no camera as removed that is there', async () => {
    const content = await contentOf([recordingOf('front', 'Front')], ['front', 'yard']);
    expect(content?.removedCameras).toEqual([]);
    expect([...(content?.coverage.keys() ?? [])]).toEqual(['front', 'yard']);
  });
});
