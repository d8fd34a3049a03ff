import { Maximize, Minimize, Volume2, VolumeX } from 'lucide';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { IconButton } from '../../parts/button.tsx';

interface LiveControlsProps {
  frame: RefObject<HTMLElement | null>;
  video: RefObject<HTMLVideoElement | null>;
  hasSound: boolean;
}

export const LiveControls = ({ frame, video, hasSound }: LiveControlsProps) => {
  const [isMuted, setMuted] = useState(true);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const follow = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, []);
  const switchSound = () => {
    if (!video.current) return;
    video.current.muted = !isMuted;
    setMuted(!isMuted);
  };
  // A refusal is the browser's own decision and it shows its own reason.
  const switchFull = () => (isFull ? document.exitFullscreen() : (frame.current?.requestFullscreen() ?? Promise.resolve())).catch(() => {});
  return (
    <div class="live-controls">
      {hasSound && (
        <IconButton icon={isMuted ? VolumeX : Volume2} label={isMuted ? words.live.unmute : words.live.mute} onClick={switchSound} />
      )}
      {document.fullscreenEnabled && (
        <IconButton
          icon={isFull ? Minimize : Maximize}
          label={isFull ? words.live.exitFullscreen : words.live.fullscreen}
          onClick={switchFull}
        />
      )}
    </div>
  );
};
