import { describe, expect, test } from 'vitest';
import type { Event, Recording } from '../api/api.ts';
import { dayRows, summarize } from './day-rows.ts';

const recording = (id: string, start: string, change: Partial<Recording> = {}): Recording => ({
  id,
  cameraId: 'front',
  cameraName: 'Front',
  start,
  durationMs: 60_000,
  sizeBytes: 1,
  trigger: 'motion',
  state: 'closed',
  clock: 'set',
  protected: false,
  repaired: false,
  videoCodecString: 'avc1.4D401F',
  width: 1,
  height: 1,
  hasAudio: false,
  fileName: id,
  ...change,
});

const event = (id: string, start: string, recordingId: string | null, change: Partial<Event> = {}): Event => ({
  id,
  cameraId: 'front',
  kind: 'motion',
  start,
  end: null,
  score: 0.5,
  boxes: [],
  zones: [],
  recordingId,
  message: null,
  hasPicture: false,
  clock: 'set',
  ...change,
});

const recordings = [recording('a', '2026-06-01T08:00:00Z'), recording('b', '2026-06-01T09:00:00Z', { protected: true })];
const events = [
  event('1', '2026-06-01T08:00:10Z', 'a', { score: 0.6, zones: ['Path'] }),
  event('2', '2026-06-01T08:00:40Z', 'a', { score: 0.9, zones: ['Path', 'Gate'] }),
  event('3', '2026-06-01T08:30:00Z', null, { kind: 'camera.offline', score: null }),
  event('4', '2026-06-01T07:00:00Z', 'gone'),
];
const keys = (show: Parameters<typeof dayRows>[2]) => dayRows(recordings, events, show).map((row) => row.key);

describe('the list of a day', () => {
  test('shows recordings with their events, and events of which nothing was recorded, newest first', () => {
    expect(keys('all')).toEqual(['b', '3', 'a', '4']);
  });

  test('shows each event, only recordings, or only what is protected', () => {
    expect(keys('events')).toEqual(['3', '2', '1', '4']);
    expect(keys('recordings')).toEqual(['b', 'a']);
    expect(keys('protected')).toEqual(['b']);
  });

  test('an event brings the recording that plays it', () => {
    const rows = dayRows(recordings, events, 'events');
    expect(rows.map((row) => row.recording?.id ?? null)).toEqual([null, 'a', 'a', null]);
  });

  test('sums up what happened in a recording', () => {
    const row = dayRows(recordings, events, 'all').find(({ key }) => key === 'a');
    expect(row && summarize(row)).toEqual({ bestScore: 0.9, zones: ['Path', 'Gate'], motionCount: 2, noticed: [] });
  });

  test('tells of a recording what the camera itself noticed in it, beside what gave it its name', () => {
    const person = event('5', '2026-06-01T08:00:12Z', 'a', { kind: 'noticed.person', score: null });
    const inOne = dayRows(recordings, [...events, person, { ...person, id: '6' }], 'all').find(({ key }) => key === 'a');
    expect(inOne && summarize(inOne)).toMatchObject({ noticed: ['noticed.person'], motionCount: 2 });
    const alone = dayRows(recordings, [person], 'all').find(({ key }) => key === 'a');
    expect(alone && summarize(alone).noticed).toEqual([]);
  });
});
