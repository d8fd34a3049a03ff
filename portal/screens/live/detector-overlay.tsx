import type { ReadonlySignal } from '@preact/signals';
import { percent } from '../../format/amounts.ts';
import { boxPlace } from '../../format/picture-place.ts';
import { words } from '../../format/words.ts';
import type { DetectorView } from '../../store/live-player/live-player.ts';

interface DetectorOverlayProps {
  detector: ReadonlySignal<DetectorView | null>;
  picture: { width: number; height: number };
}

/** What the detector sees, over the picture: SVG with the picture's own shape, so that it lies where the video does. */
export const DetectorOverlay = ({ detector, picture }: DetectorOverlayProps) => (
  <svg class="overlay" viewBox={`0 0 ${picture.width} ${picture.height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
    {(detector.value?.boxes ?? []).map((box) => {
      const place = boxPlace(box, picture.width, picture.height);
      return (
        <rect key={`${place.x}-${place.y}`} class={detector.value?.moving ? 'box box-moving' : 'box'} rx={picture.width / 240} {...place} />
      );
    })}
  </svg>
);

const barWidth = 200;

/** How close it is: the strength of the change as a bar, with the mark from which on it counts. */
export const DetectorMeter = ({ detector, isOff }: { detector: ReadonlySignal<DetectorView | null>; isOff: boolean }) => {
  const seen = detector.value;
  const text = words.camera;
  if (isOff || !seen) return <p class="detector-meter">{isOff ? text.detectorOff : text.detectorIdle}</p>;
  const { score, threshold, moving } = seen;
  return (
    <div class="detector-meter" data-moving={moving || undefined}>
      <svg viewBox={`0 0 ${barWidth} 12`} role="img" aria-label={text.scoreLabel}>
        <rect class="meter-ground" width={barWidth} height="6" y="3" rx="3" />
        <rect class="meter-value" width={Math.min(1, Math.max(0, score)) * barWidth} height="6" y="3" rx="3" />
        <rect class="meter-threshold" width="2" height="12" x={Math.min(1, Math.max(0, threshold)) * (barWidth - 2)} />
      </svg>
      <span class="tabular">
        {moving ? text.moving : text.still} · {text.score(percent(score), percent(threshold))}
      </span>
    </div>
  );
};
