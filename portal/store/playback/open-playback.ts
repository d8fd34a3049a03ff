import { fetchPlaylistAnchors, mediaMsAt, type PlaylistAnchor, wallMsAt } from '../../api/api.ts';

/** Plays a span of one camera's recordings in a `<video>`. hls.js is loaded only when the first one is played. */

export interface Playback {
  /** The instant that is shown; null before the first picture. */
  wallMs(): number | null;
  close(): void;
}

interface PlaybackWish {
  playlist: string;
  /** Where to begin, milliseconds since 1970; the playlist may begin a little earlier, at a key picture. */
  atMs: number;
  /** At most once: the network, the device or the codec refuses. */
  onFailed: () => void;
}

type HlsModule = typeof import('hls.js/light');

const playWithHls = (
  { default: Hls }: HlsModule,
  video: HTMLVideoElement,
  anchors: readonly PlaylistAnchor[],
  { playlist, atMs, onFailed }: PlaybackWish,
): Playback => {
  // The page's policy forbids code from blobs, and one stream needs no worker.
  const hls = new Hls({
    enableWorker: false,
    startPosition: mediaMsAt(anchors, atMs) / 1000,
    maxBufferLength: 30,
    backBufferLength: 60,
  });
  hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
    if (!fatal) return;
    hls.destroy();
    onFailed();
  });
  hls.loadSource(playlist);
  hls.attachMedia(video);
  return {
    wallMs: () => (video.readyState === 0 ? null : wallMsAt(anchors, video.currentTime * 1000)),
    close: () => hls.destroy(),
  };
};

const playNatively = (
  video: HTMLVideoElement,
  anchors: readonly PlaylistAnchor[],
  { playlist, atMs, onFailed }: PlaybackWish,
): Playback => {
  const toBeginning = () => {
    video.currentTime = mediaMsAt(anchors, atMs) / 1000;
  };
  video.addEventListener('loadedmetadata', toBeginning, { once: true });
  video.addEventListener('error', onFailed, { once: true });
  video.src = playlist;
  return {
    wallMs: () => (video.readyState === 0 ? null : wallMsAt(anchors, video.currentTime * 1000)),
    close: () => {
      video.removeEventListener('loadedmetadata', toBeginning);
      video.removeEventListener('error', onFailed);
      video.removeAttribute('src');
      video.load();
    },
  };
};

/** Aborted before hls.js came: nothing was opened and null is answered. */
export const openPlayback = async (video: HTMLVideoElement, wish: PlaybackWish, signal: AbortSignal): Promise<Playback | null> => {
  const [module, anchors] = await Promise.all([
    import('hls.js/light').catch(() => null),
    fetchPlaylistAnchors((input, init) => fetch(input, init), wish.playlist, signal),
  ]);
  if (signal.aborted) return null;
  if (!anchors) {
    wish.onFailed();
    return null;
  }
  if (module?.default.isSupported()) return playWithHls(module, video, anchors, wish);
  if (video.canPlayType('application/vnd.apple.mpegurl')) return playNatively(video, anchors, wish);
  wish.onFailed();
  return null;
};
