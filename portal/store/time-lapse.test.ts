import { describe, expect, test } from 'vitest';
import { createTimeLapse } from './time-lapse.ts';

const client = (days: string[]) => ({
  reels: async (cameraId: string) => ({ kind: 'ok' as const, value: days.map((day) => ({ day, sizeBytes: cameraId.length })) }),
  reel: async (_cameraId: string, day: string) => ({
    kind: 'ok' as const,
    value: { day, sizeBytes: 1, pictures: [`${day}T08:00:00.000Z`] },
  }),
  removeReel: async (_cameraId: string, day: string) =>
    days.includes(day)
      ? { kind: 'ok' as const, value: null }
      : { kind: 'error' as const, problem: { kind: 'not-found' as const, message: 'There is none.', action: null } },
});

describe('the time-lapse of a camera', () => {
  test('is gone from the list with the pictures that are shown of it, once the device deleted it', async () => {
    const store = createTimeLapse(client(['2026-01-06', '2026-01-05']));
    await store.open('front');
    await store.loadReel('front', '2026-01-05');
    await store.remove('front', '2026-01-04');
    expect(store.reels.value.value).toHaveLength(2);
    await store.remove('front', '2026-01-05');
    expect(store.reels.value.value?.map(({ day }) => day)).toEqual(['2026-01-06']);
    expect(store.reel.value.value).toBeNull();
  });

  test('of another camera is not shown while this one is asked for', async () => {
    const store = createTimeLapse(client(['2026-01-06']));
    await store.open('front');
    const opening = store.open('hall');
    expect(store.reels.value).toMatchObject({ value: null, loading: true });
    await opening;
    expect(store.reels.value.value?.[0]?.sizeBytes).toBe(4);
  });
});
