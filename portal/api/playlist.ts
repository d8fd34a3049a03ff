/** Where a place of the playlist is in the day: from `mediaMs` on, media time and wall time go together. */
export interface PlaylistAnchor {
  mediaMs: number;
  wallMs: number;
}

/** Reads the EXT-X-PROGRAM-DATE-TIMEs of an HLS media playlist; recordings that follow each other after a gap each have their own. */
export const readPlaylistAnchors = (playlist: string): PlaylistAnchor[] => {
  const anchors: PlaylistAnchor[] = [];
  let mediaMs = 0;
  for (const line of playlist.split('\n')) {
    const [tag = '', ...rest] = line.trim().split(':');
    const value = rest.join(':');
    if (tag === '#EXTINF') mediaMs += Number.parseFloat(value) * 1000 || 0;
    const wallMs = tag === '#EXT-X-PROGRAM-DATE-TIME' ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(wallMs)) anchors.push({ mediaMs, wallMs });
  }
  return anchors;
};

/** null before the first anchor is known. */
export const wallMsAt = (anchors: readonly PlaylistAnchor[], mediaMs: number): number | null => {
  const anchor = anchors.findLast((candidate) => candidate.mediaMs <= mediaMs) ?? anchors[0];
  return anchor ? anchor.wallMs + mediaMs - anchor.mediaMs : null;
};

/** The place of an instant; the first one at or after it when it falls into a gap. */
export const mediaMsAt = (anchors: readonly PlaylistAnchor[], wallMs: number): number => {
  const index = anchors.findLastIndex((candidate) => candidate.wallMs <= wallMs);
  const anchor = anchors[index];
  if (!anchor) return 0;
  return Math.min(anchor.mediaMs + wallMs - anchor.wallMs, anchors[index + 1]?.mediaMs ?? Number.POSITIVE_INFINITY);
};

/** null when the playlist cannot be had. */
export const fetchPlaylistAnchors = async (
  fetcher: typeof fetch,
  playlist: string,
  signal: AbortSignal,
): Promise<PlaylistAnchor[] | null> => {
  try {
    const response = await fetcher(playlist, { signal, headers: { accept: 'application/vnd.apple.mpegurl' } });
    return response.ok ? readPlaylistAnchors(await response.text()) : null;
  } catch {
    return null;
  }
};
