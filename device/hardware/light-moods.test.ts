import { describe, expect, test } from 'vitest';
import { type DeviceState, type Mood, moodOf, rhythms } from './light-moods.ts';

const well: DeviceState = {
  booting: false,
  claimed: true,
  networkUp: true,
  setupOpen: false,
  camerasWanted: 2,
  camerasOnline: 1,
  recording: false,
  storageAlarm: false,
  updating: false,
  identifying: false,
};

describe('what the lights tell', () => {
  const cases: [string, Partial<DeviceState>, Mood][] = [
    ['all is well', {}, 'watching'],
    ['it records', { recording: true }, 'recording'],
    ['no camera is set up', { camerasWanted: 0, camerasOnline: 0 }, 'no-camera'],
    ['every camera is away', { camerasOnline: 0 }, 'no-camera'],
    ['nobody has claimed it', { claimed: false, camerasWanted: 0 }, 'unclaimed'],
    ['there is no network', { networkUp: false, claimed: false }, 'no-network'],
    ['its own Wi-Fi waits for somebody', { setupOpen: true, claimed: false }, 'setup'],
    ['its own Wi-Fi waits, and has no address yet', { setupOpen: true, networkUp: false }, 'setup'],
    ['the storage is in need', { storageAlarm: true, setupOpen: true, networkUp: false }, 'storage-alarm'],
    ['it is being updated', { updating: true, storageAlarm: true }, 'updating'],
    ['it starts', { booting: true, networkUp: false }, 'booting'],
    ['somebody looks for it', { identifying: true, booting: true }, 'identify'],
  ];
  test.each(cases)('%s', (_what, state, mood) => {
    expect(moodOf({ ...well, ...state })).toBe(mood);
  });

  test('every mood has its own rhythm, and none leaves a light steady', () => {
    const all = Object.values(rhythms);
    expect(new Set(all.map(String)).size).toBe(all.length);
    for (const rhythm of all) {
      expect(rhythm.length % 2).toBe(0);
      expect(Math.min(...rhythm)).toBeGreaterThanOrEqual(50);
    }
  });

  test('the flashes can be counted', () => {
    const count = (mood: Mood) => rhythms[mood].length / 2;
    expect(['recording', 'unclaimed', 'no-network', 'no-camera', 'storage-alarm'].map((mood) => count(mood as Mood))).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });
});
