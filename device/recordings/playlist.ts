import type { Part } from './model.ts';
import type { Cut } from './span.ts';

const longestSegmentMs = 6_000;

export interface PlaylistOptions {
  /** Groups of pictures are joined until they last so long (at most six seconds); long ones stay whole. */
  shortestSegmentMs?: number;
}

interface Segment {
  startMs: number;
  durationMs: number;
  offset: number;
  length: number;
}

/**
 * An HLS media playlist (RFC 8216, version 7) over the recordings' own files: each segment is a byte range that begins with a key picture.
 * `cuts` in the order of time, as `cutSpan` gives them. While a recording in it is still being written the playlist is an EVENT that only grows;
 * else it is whole (VOD). null when there is no segment yet.
 */
export function mediaPlaylist(
  cuts: readonly Cut[],
  fileUrl: (recordingId: string) => string,
  options: PlaylistOptions = {},
): string | null {
  const grows = cuts.some(isGrowing);
  const shortestMs = options.shortestSegmentMs ?? 2_000;
  const listed = cuts.map((cut) => ({ cut, segments: segmentsOf(cut, shortestMs) })).filter(({ segments }) => segments.length > 0);
  if (listed.length === 0) return null;
  const longestMs = Math.max(...listed.flatMap(({ segments }) => segments.map((segment) => segment.durationMs)));
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    // A growing playlist must keep its target: it begins with the usual maximum.
    `#EXT-X-TARGETDURATION:${Math.max(grows ? longestSegmentMs / 1000 : 1, Math.ceil(longestMs / 1000))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${grows ? 'EVENT' : 'VOD'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...listed.flatMap(({ cut, segments }, index) => [...(index > 0 ? ['#EXT-X-DISCONTINUITY'] : []), ...linesOf(cut, segments, fileUrl)]),
  ];
  if (!grows) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

function linesOf({ recording }: Cut, segments: readonly Segment[], fileUrl: (recordingId: string) => string): string[] {
  const url = fileUrl(recording.id);
  const startMs = recording.startWallMs + (segments[0]?.startMs ?? 0);
  return [
    `#EXT-X-MAP:URI="${url}",BYTERANGE="${recording.initBytes}@0"`,
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs).toISOString()}`,
    ...segments.flatMap((segment) => [
      `#EXTINF:${(segment.durationMs / 1000).toFixed(3)},`,
      `#EXT-X-BYTERANGE:${segment.length}@${segment.offset}`,
      url,
    ]),
  ];
}

function isGrowing(cut: Cut): boolean {
  return cut.recording.state === 'writing' && !cut.endsEarly;
}

/** A recording still being written shows only segments that can change no more: the last one waits. */
function segmentsOf(cut: Cut, shortestMs: number): Segment[] {
  const groups = joined(groupsOf(cut.parts), shortestMs);
  if (isGrowing(cut)) groups.pop();
  return groups.map((parts, index) => segmentOf(parts, groups[index + 1]?.[0]));
}

/** Runs of parts from one key picture to before the next. */
function groupsOf(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const current = groups.at(-1);
    if (part.key || !current) groups.push([part]);
    else current.push(part);
  }
  return groups;
}

/** Neighbours join until they last long enough. What is decided for the beginning never changes when parts are added at the end. */
function joined(groups: readonly Part[][], shortestMs: number): Part[][] {
  const result: Part[][] = [];
  for (const group of groups) {
    const current = result.at(-1);
    const fits = current && durationOf(current) < shortestMs && durationOf(current) + durationOf(group) <= longestSegmentMs;
    if (fits) current.push(...group);
    else result.push([...group]);
  }
  return result;
}

function durationOf(parts: readonly Part[]): number {
  const first = parts[0];
  const last = parts.at(-1);
  return first && last ? last.startMs + last.durationMs - first.startMs : 0;
}

function segmentOf(parts: readonly Part[], next: Part | undefined): Segment {
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last) throw new RangeError('a segment without parts');
  const durationMs = next ? next.startMs - first.startMs : durationOf(parts);
  return {
    startMs: first.startMs,
    durationMs: Math.max(1, durationMs),
    offset: first.offset,
    length: last.offset + last.length - first.offset,
  };
}
