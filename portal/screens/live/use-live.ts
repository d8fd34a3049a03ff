import { useEffect, useRef, useState } from 'preact/hooks';
import { browserPlayer } from '../../store/live-player/browser-player.ts';
import { browserStills } from '../../store/live-player/browser-stills.ts';
import type { LivePlayer } from '../../store/live-player/live-player.ts';
import type { StillPictures } from '../../store/live-player/still-pictures.ts';
import type { Portal } from '../../store/portal.ts';

export interface Live {
  player: LivePlayer;
  stills: StillPictures;
}

/** A live picture that runs only while `frame` can be seen: scrolled into view, and the page not hidden. */
export const useLive = (portal: Portal, cameraId: string, isWanted: boolean, stillsEveryMs: number) => {
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [live, setLive] = useState<Live | null>(null);
  const [isBlocked, setBlocked] = useState(false);

  useEffect(() => {
    if (!video.current || !frame.current || !isWanted) return;
    const player = browserPlayer(portal, cameraId, video.current, () => setBlocked(true));
    const stills = browserStills(portal, cameraId, stillsEveryMs);
    let isInView = false;
    const follow = () => {
      if (isInView && !document.hidden) player.start();
      else player.stop();
      if (isInView && !document.hidden && player.state.value.phase === 'still') stills.start();
      else stills.stop();
    };
    const observer = new IntersectionObserver(
      (entries) => {
        isInView = entries.some((entry) => entry.isIntersecting);
        follow();
      },
      { rootMargin: '80px' },
    );
    observer.observe(frame.current);
    document.addEventListener('visibilitychange', follow);
    const stopFollowing = player.state.subscribe(({ phase }) => {
      if (phase === 'still') follow();
    });
    let wasLost = false;
    const stopHurrying = portal.connection.state.subscribe(({ phase }) => {
      if (wasLost && phase === 'open') player.hurry();
      wasLost = phase === 'lost';
    });
    setLive({ player, stills });
    return () => {
      stopFollowing();
      stopHurrying();
      document.removeEventListener('visibilitychange', follow);
      observer.disconnect();
      player.stop();
      stills.stop();
      setLive(null);
    };
  }, [portal, cameraId, isWanted, stillsEveryMs]);

  return { frame, video, live, isBlocked };
};
