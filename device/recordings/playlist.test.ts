import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordingRow } from '#device/testing/recorded-scene.ts';
import type { Part, RecordingRow } from './model.ts';
import { mediaPlaylist } from './playlist.ts';
import { cutSpan } from './span.ts';

const eightMs = Date.UTC(2026, 0, 5, 8);
const always = [0, Number.MAX_SAFE_INTEGER] as const;

/** Groups of pictures of the given seconds, each of parts of at most half a second, 100 bytes a part. */
function parts(...groupSeconds: number[]): Part[] {
  const result: Part[] = [];
  let startMs = 0;
  for (const seconds of groupSeconds) {
    for (let atMs = 0; atMs < seconds * 1000; atMs += 500) {
      const durationMs = Math.min(500, seconds * 1000 - atMs);
      result.push({ startMs, durationMs, offset: 2000 + result.length * 100, length: 100, key: atMs === 0 });
      startMs += durationMs;
    }
  }
  return result;
}

function recording(id: string, startS: number, groups: number[], row: Partial<RecordingRow> = {}): RecordingRow {
  return recordingRow({ id, startWallMs: eightMs + startS * 1000, startBootMs: startS * 1000, parts: parts(...groups), ...row });
}

const url = (id: string): string => `/api/recordings/${id}.mp4`;

function playlist(...recordings: RecordingRow[]): string | null {
  return mediaPlaylist(cutSpan(recordings, ...always), url);
}

function lengthsOf(text: string | null): number[] {
  return [...(text ?? '').matchAll(/#EXTINF:([\d.]+),/g)].map(([, seconds]) => Number(seconds));
}

describe('a playlist over recordings', () => {
  test('names the head of the file and each stretch of it, whole, in order', () => {
    expect(playlist(recording('a', 0, [2, 3]))?.split('\n')).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:3',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="/api/recordings/a.mp4",BYTERANGE="700@0"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-05T08:00:00.000Z',
      '#EXTINF:2.000,',
      '#EXT-X-BYTERANGE:400@2000',
      '/api/recordings/a.mp4',
      '#EXTINF:3.000,',
      '#EXT-X-BYTERANGE:600@2400',
      '/api/recordings/a.mp4',
      '#EXT-X-ENDLIST',
      '',
    ]);
  });

  test('marks the change from one recording to the next and dates each', () => {
    const text = playlist(recording('a', 0, [2]), recording('b', 60, [2])) ?? '';
    expect(text.match(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="\/api\/recordings\/b.mp4"/)).not.toBeNull();
    expect(text).toContain('#EXT-X-PROGRAM-DATE-TIME:2026-01-05T08:01:00.000Z');
    expect(text.split('#EXT-X-DISCONTINUITY\n')).toHaveLength(2);
  });

  test('dates a recording that it enters in the middle by its first picture shown', () => {
    const cuts = cutSpan([recording('a', 0, [2, 2, 2])], eightMs + 5000, eightMs + 6000);
    expect(mediaPlaylist(cuts, url)).toContain('#EXT-X-PROGRAM-DATE-TIME:2026-01-05T08:00:04.000Z');
  });

  test('joins short groups of pictures and leaves long ones whole', () => {
    expect(lengthsOf(playlist(recording('a', 0, [0.5, 0.5, 0.5, 0.5, 0.5])))).toEqual([2, 0.5]);
    expect(lengthsOf(playlist(recording('a', 0, [1.5, 10, 1])))).toEqual([1.5, 10, 1]);
    expect(lengthsOf(playlist(recording('a', 0, [1, 4, 1])))).toEqual([5, 1]);
  });

  test('stays open while a recording is being written, and keeps back what may still grow', () => {
    const text = playlist(recording('a', 0, [2, 2, 1], { state: 'writing' }));
    expect(lengthsOf(text)).toEqual([2, 2]);
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
    expect(text).not.toContain('ENDLIST');
    expect(text).toContain('#EXT-X-TARGETDURATION:6');
  });

  test('is whole when the span ends before the recording that is being written does', () => {
    const cuts = cutSpan([recording('a', 0, [2, 2, 2, 2], { state: 'writing' })], eightMs, eightMs + 3000);
    expect(mediaPlaylist(cuts, url)).toContain('#EXT-X-ENDLIST');
  });

  test('does not exist before there is something to play', () => {
    expect(playlist()).toBeNull();
    expect(playlist(recording('a', 0, [1], { state: 'writing' }))).toBeNull();
  });

  test('never changes what it said while the recording grows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 12 }), (halves) => {
        const all = parts(...halves.map((half) => half / 2));
        let before: string[] = [];
        for (let count = 1; count <= all.length; count += 1) {
          const text =
            playlist(recording('a', 0, [], { state: count === all.length ? 'closed' : 'writing', parts: all.slice(0, count) })) ?? '';
          const entries = text.split('\n').filter((line) => line.startsWith('#EXTINF') || line.startsWith('#EXT-X-BYTERANGE'));
          expect(entries.slice(0, before.length)).toEqual(before);
          before = entries;
        }
        const bytes = before.filter((line) => line.includes('BYTERANGE')).map((line) => Number(/:(\d+)@/.exec(line)?.[1]));
        expect(bytes.reduce((sum, length) => sum + length, 0)).toBe(all.length * 100);
      }),
      { numRuns: 60 },
    );
  });
});
