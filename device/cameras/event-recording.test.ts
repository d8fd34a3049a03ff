import { describe, expect, test } from 'vitest';
import { EventRecording } from './event-recording.ts';

function stage() {
  const told: string[] = [];
  const recording = new EventRecording({
    motionStarted: ({ startBootMs, boxes }) => void told.push(`from ${startBootMs}, ${boxes.length} boxes`),
    motionEnded: (bootMs) => void told.push(`until ${bootMs}`),
    recordingAt: () => 'r1',
  });
  return { told, recording, seen: recording.because('seen here'), noticed: recording.because('person') };
}
const box = { x: 0, y: 0, width: 1, height: 1, score: 1 };

describe('recording for events', () => {
  test('goes on until the last reason is gone, from the first on', () => {
    const { told, seen, noticed } = stage();
    noticed.motionStarted({ startBootMs: 10, boxes: [], score: 0 });
    seen.motionStarted({ startBootMs: 12, boxes: [box], score: 0.5 });
    noticed.motionEnded(20);
    seen.motionEnded(30);
    expect(told).toEqual(['from 10, 0 boxes', 'from 10, 1 boxes', 'until 30']);
  });

  test('is not disturbed by what joins in, nor ended by what never began', () => {
    const { told, seen, noticed } = stage();
    seen.motionStarted({ startBootMs: 10, boxes: [box], score: 0.5 });
    noticed.motionEnded(11);
    noticed.motionStarted({ startBootMs: 12, boxes: [], score: 0 });
    seen.motionEnded(20);
    expect(told).toEqual(['from 10, 1 boxes']);
  });

  test('is taken up again in a new session while something lasts', () => {
    const { told, recording, noticed } = stage();
    recording.resume(5);
    noticed.motionStarted({ startBootMs: 10, boxes: [], score: 0 });
    recording.resume(40);
    noticed.motionEnded(50);
    recording.resume(60);
    expect(told).toEqual(['from 10, 0 boxes', 'from 40, 0 boxes', 'until 50']);
  });
});
