import type { Portal } from '../portal.ts';
import type { LiveSocket } from './live-link.ts';
import { createLivePlayer, type LivePlayer } from './live-player.ts';
import { canPlay, hasMediaSource, openFeed } from './media-feed.ts';

/** The live player of a real page: its WebSocket and its `<video>`. */
export const browserPlayer = (portal: Portal, cameraId: string, video: HTMLVideoElement, onBlocked: () => void): LivePlayer =>
  createLivePlayer({
    clock: portal.clock,
    random: portal.random,
    openSocket: (on): LiveSocket => {
      const socket = new WebSocket(portal.addresses.live(cameraId, location.origin));
      socket.binaryType = 'arraybuffer';
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => on.message(data));
      socket.addEventListener('close', on.closed);
      return socket;
    },
    media: hasMediaSource() ? { canPlay, open: (mime, onFailed) => openFeed(video, mime, { failed: onFailed, blocked: onBlocked }) } : null,
  });
