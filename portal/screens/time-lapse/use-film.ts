import { useEffect, useRef, useState } from 'preact/hooks';
import { usePortal } from '../../store/portal.ts';

/** Which of a day's pictures is shown. A film goes on when the picture before is there: a slow network makes it slower, never blank. */
export const useFilm = (count: number, picturesPerSecond: number) => {
  const { clock } = usePortal();
  const [index, setIndex] = useState(Math.max(0, count - 1));
  const [isPlaying, setPlaying] = useState(false);
  const shownMs = useRef(0);
  const cancel = useRef<(() => void) | null>(null);
  const last = Math.max(0, count - 1);
  const rest = () => {
    cancel.current?.();
    cancel.current = null;
  };
  useEffect(() => rest, []);
  const show = (next: number) => {
    rest();
    shownMs.current = clock.steadyMs();
    setIndex(Math.min(last, Math.max(0, next)));
  };
  const goOn = () => {
    rest();
    if (!isPlaying) return;
    if (index >= last) return setPlaying(false);
    const leftMs = 1000 / picturesPerSecond - (clock.steadyMs() - shownMs.current);
    cancel.current = clock.after(Math.max(0, leftMs), () => show(index + 1));
  };
  return {
    index: Math.min(index, last),
    isPlaying,
    /** By the viewer: the film stops there. */
    goTo: (next: number) => {
      setPlaying(false);
      show(next);
    },
    play: () => {
      setPlaying(true);
      // From the beginning when it is over; the picture that comes then, or that is there, lets it go on.
      if (index >= last) show(0);
      else cancel.current = clock.after(0, () => show(index + 1));
    },
    pause: () => {
      rest();
      setPlaying(false);
    },
    /** The picture arrived, or never will. */
    arrived: goOn,
  };
};
