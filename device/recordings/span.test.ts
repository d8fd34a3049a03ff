import { describe, expect, test } from 'vitest';
import { recordingRow } from '#device/testing/recorded-scene.ts';
import type { RecordingRow } from './model.ts';
import { cutSpan } from './span.ts';

const eightMs = Date.UTC(2026, 0, 5, 8);

/** Parts of one second each, written as letters: K begins with a key picture, p does not. */
function recording(id: string, startS: number, letters: string, row: Partial<RecordingRow> = {}): RecordingRow {
  const parts = [...letters].map((letter, index) => ({
    startMs: index * 1000,
    durationMs: 1000,
    offset: 1000 + index * 100,
    length: 100,
    key: letter === 'K',
  }));
  return recordingRow({ id, startWallMs: eightMs + startS * 1000, startBootMs: startS * 1000, parts, ...row });
}

function cut(recordings: RecordingRow[], fromS: number, toS: number): string[] {
  return cutSpan(recordings, eightMs + fromS * 1000, eightMs + toS * 1000).map(
    ({ recording, parts, endsEarly }) => `${recording.id} ${parts.map((part) => part.startMs / 1000).join(',')}${endsEarly ? '…' : ''}`,
  );
}

describe('cutting a span out of recordings', () => {
  test('begins with the key picture at or before its start and ends with the part that covers its end', () => {
    const one = recording('one', 0, 'KppKppKpp');
    expect(cut([one], 4, 6.5)).toEqual(['one 3,4,5,6…']);
    expect(cut([one], 3, 6)).toEqual(['one 3,4,5…']);
    expect(cut([one], 0, 60)).toEqual(['one 0,1,2,3,4,5,6,7,8']);
  });

  test('goes over gaps in the order of time', () => {
    const recordings = [recording('late', 100, 'Kp'), recording('early', 0, 'KpKp')];
    expect(cut(recordings, 2, 101)).toEqual(['early 2,3', 'late 0…']);
  });

  test('is empty where nothing was recorded', () => {
    expect(cut([recording('one', 0, 'KpK')], 3, 50)).toEqual([]);
    expect(cut([recording('one', 10, 'KpK')], 0, 10)).toEqual([]);
    expect(cut([recording('none', 0, '')], 0, 10)).toEqual([]);
  });

  test('leaves out what comes before the first key picture of a file', () => {
    expect(cut([recording('torn', 0, 'ppKpK')], 0, 10)).toEqual(['torn 2,3,4']);
    expect(cut([recording('hopeless', 0, 'ppp')], 0, 10)).toEqual([]);
  });

  test('shows moments that two recordings hold only once', () => {
    const overlapping = [recording('motion', 0, 'KpKpKp'), recording('again', 3, 'KpKpKp')];
    expect(cut(overlapping, 0, 60)).toEqual(['motion 0,1,2,3,4,5', 'again 2,3,4,5']);
    const within = [recording('long', 0, 'KpKpKp'), recording('within', 1, 'Kp')];
    expect(cut(within, 0, 60)).toEqual(['long 0,1,2,3,4,5']);
  });

  test('shows both recordings of one wall time when the clock was set back in between', () => {
    const stepped = [recording('before', 0, 'KpKp'), recording('after', 0, 'KpKp', { startBootMs: 4000, startWallMs: eightMs + 1000 })];
    expect(cut(stepped, 0, 60)).toEqual(['before 0,1,2,3', 'after 0,1,2,3']);
    const rebooted = [recording('before', 0, 'KpKp'), recording('after', 1, 'KpKp', { bootId: 'boot-2' })];
    expect(cut(rebooted, 0, 60)).toEqual(['before 0,1,2,3', 'after 0,1,2,3']);
  });
});
