import { Maximize2, ZoomIn, ZoomOut } from 'lucide';
import { type View, widthOf, zoomView } from '../../format/timeline.ts';
import { words } from '../../format/words.ts';
import { IconButton } from '../../parts/button.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import type { DayContent } from '../../store/day.ts';
import { usePortal } from '../../store/portal.ts';

const text = words.day;

interface DayTimelineProps {
  cameras: readonly { id: string; name: string }[];
  content: DayContent | null;
  bounds: View;
  view: View;
  cursorMs: number | null;
  activeCamera: string | null;
  onView: (view: View) => void;
  onSeek: (ms: number, cameraId: string | null) => void;
  onPlayPause: () => void;
}

export const DayTimeline = ({ cameras, content, bounds, view, cursorMs, activeCamera, onView, onSeek, onPlayPause }: DayTimelineProps) => {
  const { time } = usePortal();
  const rows = cameras.map(({ id, name }) => ({
    id,
    label: name,
    marks: content?.coverage.get(id) ?? [],
    eventsMs: (content?.events ?? []).filter((event) => event.cameraId === id).map((event) => Date.parse(event.start)),
  }));
  const around = cursorMs ?? view.fromMs + widthOf(view) / 2;
  const isWhole = widthOf(view) >= widthOf(bounds);
  return (
    <section class="timeline-panel" aria-label={text.timeline}>
      <div class="row row-between">
        <p class="legend">
          {(['motion', 'continuous', 'manual'] as const).map((trigger) => (
            <span key={trigger}>
              <i class={`swatch swatch-${trigger}`} />
              {text.trigger[trigger]}
            </span>
          ))}
        </p>
        <div class="row timeline-zoom">
          <span class="tabular cursor-time">{cursorMs === null ? '' : time.value.time(cursorMs)}</span>
          <IconButton
            small
            icon={ZoomOut}
            label={text.zoomOut}
            disabled={isWhole}
            onClick={() => onView(zoomView(view, 2, around, bounds))}
          />
          <IconButton small icon={ZoomIn} label={text.zoomIn} onClick={() => onView(zoomView(view, 0.5, around, bounds))} />
          <IconButton small icon={Maximize2} label={text.wholeDay} disabled={isWhole} onClick={() => onView(bounds)} />
        </div>
      </div>
      <Timeline
        label={text.timeline}
        help={text.timelineHelp}
        rows={rows}
        activeRow={activeCamera}
        day={bounds}
        view={view}
        cursorMs={cursorMs}
        timeOf={time.value.time}
        minuteOf={time.value.minute}
        onSeek={onSeek}
        onView={onView}
        onPlayPause={onPlayPause}
      />
    </section>
  );
};
