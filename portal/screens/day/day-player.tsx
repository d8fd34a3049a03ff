import { Play } from 'lucide';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type CoverageMark, markAt, nextCovered, stretchEnd } from '../../format/timeline.ts';
import { words } from '../../format/words.ts';
import { Button, IconButton, LinkButton } from '../../parts/button.tsx';
import { openPlayback, type Playback } from '../../store/playback/open-playback.ts';
import { usePortal } from '../../store/portal.ts';
import type { Wish } from './use-day.ts';

const text = words.day;
/** One playlist covers at most this much: a day of clips would be thousands of lines. */
const longestStretchMs = 3_600_000;

export interface PlayerHandle {
  toggle: () => void;
}

interface DayPlayerProps {
  wish: Wish | null;
  cameraName: string;
  marks: readonly CoverageMark[];
  handle: RefObject<PlayerHandle | null>;
  onTime: (ms: number) => void;
  onSeek: (ms: number) => void;
}

/** Opens what is wished for; a new wish closes the old one. Marks are looked at when it opens, not when they change. */
const usePlayback = ({ wish, marks, onTime, onSeek }: DayPlayerProps) => {
  const { addresses } = usePortal();
  const video = useRef<HTMLVideoElement>(null);
  const [isFailed, setFailed] = useState(false);
  const latest = useRef({ marks, onTime, onSeek });
  latest.current = { marks, onTime, onSeek };
  const isCovered = wish !== null && markAt(marks, wish.ms) !== null;

  useEffect(() => {
    const element = video.current;
    setFailed(false);
    if (!wish || !element || !isCovered) return;
    const closing = new AbortController();
    // Playing starts by itself once there are pictures; a browser may refuse, then the play button works.
    element.autoplay = wish.play;
    const toMs = stretchEnd(latest.current.marks, wish.ms, longestStretchMs);
    let playback: Playback | null = null;
    const onTimeUpdate = () => {
      const wallMs = playback?.wallMs() ?? null;
      if (wallMs !== null) latest.current.onTime(wallMs);
    };
    const onEnded = () => {
      const next = nextCovered(latest.current.marks, toMs);
      if (next !== null) latest.current.onSeek(next);
    };
    const wishList = { playlist: addresses.playlist(wish.cameraId, wish.ms, toMs), atMs: wish.ms, onFailed: () => setFailed(true) };
    void openPlayback(element, wishList, closing.signal).then((opened) => {
      if (closing.signal.aborted) return opened?.close();
      playback = opened;
    });
    element.addEventListener('timeupdate', onTimeUpdate, { signal: closing.signal });
    element.addEventListener('ended', onEnded, { signal: closing.signal });
    return () => {
      closing.abort();
      playback?.close();
    };
  }, [wish, isCovered, addresses]);

  return { video, isFailed, isCovered };
};

const usePlaying = (video: RefObject<HTMLVideoElement | null>, wish: Wish | null) => {
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const follow = () => setPlaying(!element.paused && !element.ended);
    const names = ['play', 'pause', 'ended', 'emptied'];
    for (const name of names) element.addEventListener(name, follow);
    return () => {
      for (const name of names) element.removeEventListener(name, follow);
    };
  }, [video, wish === null]);
  return isPlaying;
};

export const DayPlayer = (props: DayPlayerProps) => {
  const { wish, cameraName, marks, handle, onSeek } = props;
  const { time, addresses } = usePortal();
  const { video, isFailed, isCovered } = usePlayback(props);
  const isPlaying = usePlaying(video, wish);
  const toggle = () => {
    const element = video.current;
    if (!element || !isCovered) return;
    if (element.paused) element.play().catch(() => {});
    else element.pause();
  };
  handle.current = { toggle };
  const next = wish && !isCovered ? nextCovered(marks, wish.ms) : null;
  const current = wish ? markAt(marks, wish.ms) : null;
  return (
    <section class="day-player" aria-label={text.playerLabel}>
      {/* Silent at first: browsers start nothing by itself that has sound. The controls switch it on. */}
      <video ref={video} class="live-picture" playsInline muted controls={isCovered && !isFailed} tabIndex={isCovered ? 0 : -1} />
      {!wish && <p class="cover cover-quiet">{text.chooseTime}</p>}
      {wish && !isCovered && (
        <div class="cover">
          <p>{text.nothingThere(time.value.time(wish.ms))}</p>
          {next !== null && (
            <Button small onClick={() => onSeek(next)}>
              {text.jumpToNext}
            </Button>
          )}
        </div>
      )}
      {isFailed && current && (
        <div class="cover" role="alert">
          <p class="cover-title">{text.cannotPlay}</p>
          <p>{text.cannotPlayAction}</p>
          <LinkButton small href={addresses.recordingDownload(current.recordingId)} download>
            {text.download}
          </LinkButton>
        </div>
      )}
      {wish && <span class="live-mark day-player-name">{cameraName}</span>}
      {isCovered && !isFailed && !isPlaying && (
        <div class="day-player-start">
          <IconButton icon={Play} label={text.play} look="primary" onClick={toggle} />
        </div>
      )}
    </section>
  );
};
