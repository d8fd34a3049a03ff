/** When the playlist's first picture was taken, milliseconds since 1970; null when the playlist cannot be had or does not say. */
export const fetchPlaylistStart = async (fetcher: typeof fetch, playlist: string, signal: AbortSignal): Promise<number | null> => {
  try {
    const response = await fetcher(playlist, { signal, headers: { accept: 'application/vnd.apple.mpegurl' } });
    if (!response.ok) return null;
    const start = Date.parse(/^#EXT-X-PROGRAM-DATE-TIME:(.+)$/m.exec(await response.text())?.[1] ?? '');
    return Number.isNaN(start) ? null : start;
  } catch {
    return null;
  }
};
