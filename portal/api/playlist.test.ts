import { describe, expect, test } from 'vitest';
import { mediaMsAt, readPlaylistAnchors, wallMsAt } from './playlist.ts';

const eight = Date.parse('2026-06-01T08:00:00Z');
const anchors = readPlaylistAnchors(`#EXTM3U
#EXT-X-PROGRAM-DATE-TIME:2026-06-01T08:00:00.000Z
#EXTINF:2.000,
a.mp4
#EXTINF:4.000,
a.mp4
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-06-01T08:01:00.000Z
#EXTINF:2.000,
b.mp4
`);

describe('the time of a playlist', () => {
  test('goes with the media until a gap, and on from there after it', () => {
    expect(wallMsAt(anchors, 5_000)).toBe(eight + 5_000);
    expect(wallMsAt(anchors, 6_500)).toBe(eight + 60_500);
  });

  test('finds the place of an instant, and the end of the gap for one within it', () => {
    expect(mediaMsAt(anchors, eight + 3_000)).toBe(3_000);
    expect(mediaMsAt(anchors, eight + 61_000)).toBe(7_000);
    expect(mediaMsAt(anchors, eight - 10_000)).toBe(0);
    expect(mediaMsAt(anchors, eight + 30_000)).toBe(6_000);
  });

  test('a playlist without times says nothing', () => {
    expect(wallMsAt(readPlaylistAnchors('#EXTM3U\n#EXTINF:2,\na.mp4'), 0)).toBeNull();
  });
});
