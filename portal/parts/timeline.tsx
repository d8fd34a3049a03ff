import { useEffect, useRef, useState } from 'preact/hooks';
import {
  type CoverageMark,
  instantAt,
  mergeMarks,
  panView,
  positionOf,
  seekByKey,
  ticksOf,
  type View,
  widthOf,
  zoomView,
} from '../format/timeline.ts';

export interface TimelineRow {
  id: string;
  label: string;
  marks: readonly CoverageMark[];
  /** Where an event begins. */
  eventsMs: readonly number[];
}

interface TimelineProps {
  label: string;
  help: string;
  rows: readonly TimelineRow[];
  activeRow: string | null;
  day: View;
  view: View;
  cursorMs: number | null;
  timeOf: (ms: number) => string;
  minuteOf: (ms: number) => string;
  onSeek: (ms: number, rowId: string | null) => void;
  onView: (view: View) => void;
  onPlayPause: () => void;
}

const rowHeight = 40;
const axisHeight = 24;
const drawOrder = ['continuous', 'manual', 'motion'] as const;
const dragFromPixels = 6;

const Row = ({ row, top, view, width, isActive }: { row: TimelineRow; top: number; view: View; width: number; isActive: boolean }) => {
  const x = (ms: number) => positionOf(view, ms) * width;
  const pixelMs = widthOf(view) / Math.max(1, width);
  const visible = row.marks.filter((mark) => mark.endMs > view.fromMs && mark.startMs < view.toMs);
  const merged = mergeMarks(visible, pixelMs);
  return (
    <g transform={`translate(0 ${top})`} class={isActive ? 'track track-active' : 'track'}>
      <text x="4" y="12">
        {row.label}
      </text>
      <rect class="track-ground" x="0" y="18" width={width} height="14" rx="3" />
      {drawOrder.flatMap((trigger) =>
        merged
          .filter((mark) => mark.trigger === trigger)
          .map((mark) => {
            const left = Math.max(0, x(mark.startMs));
            const right = Math.min(width, x(mark.endMs));
            const key = `${trigger}-${mark.startMs}`;
            return <rect key={key} class={`mark mark-${trigger}`} x={left} y="18" width={Math.max(2, right - left)} height="14" rx="1.5" />;
          }),
      )}
      {row.eventsMs
        .filter((ms) => ms >= view.fromMs && ms <= view.toMs)
        .map((ms) => (
          <circle key={ms} class="event-mark" cx={x(ms)} cy="36" r="2.5" />
        ))}
    </g>
  );
};

/** Keeps the drawing as wide as its place, in real pixels, so that text is never stretched. */
const useWidth = () => {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return { place, width };
};

interface Drag {
  startX: number;
  view: View;
  isPan: boolean;
}

/** Clicks seek, drags pan, Ctrl with the wheel zooms. */
const usePointer = ({ rows, day, view, onSeek, onView }: TimelineProps, width: number) => {
  const drag = useRef<Drag | null>(null);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      drag.current = { startX: event.clientX, view, isPan: false };
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const { current } = drag;
      if (!current) return;
      const moved = event.clientX - current.startX;
      if (Math.abs(moved) >= dragFromPixels) current.isPan = true;
      if (current.isPan) onView(panView(current.view, (-moved / width) * widthOf(current.view), day));
    },
    onPointerCancel: () => {
      drag.current = null;
    },
    onPointerUp: (event: PointerEvent) => {
      const { current } = drag;
      drag.current = null;
      if (!current || current.isPan || !(event.currentTarget instanceof Element)) return;
      const place = event.currentTarget.getBoundingClientRect();
      const row = rows[Math.floor((event.clientY - place.top) / rowHeight)];
      onSeek(instantAt(view, Math.min(1, Math.max(0, (event.clientX - place.left) / width))), row?.id ?? null);
    },
    onWheel: (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      if (!(event.currentTarget instanceof Element)) return;
      const around = instantAt(view, (event.clientX - event.currentTarget.getBoundingClientRect().left) / width);
      onView(zoomView(view, event.deltaY > 0 ? 1.25 : 0.8, around, day));
    },
  };
};

/** A day of recordings as one row a camera. To a screen reader and the keyboard it is a slider over the day. */
export const Timeline = (props: TimelineProps) => {
  const { label, help, rows, activeRow, day, view, cursorMs, timeOf, minuteOf, onSeek, onView, onPlayPause } = props;
  const { place, width } = useWidth();
  const pointer = usePointer(props, width);
  const height = rows.length * rowHeight + axisHeight;
  const atMs = cursorMs ?? view.fromMs;
  const onKeyDown = (event: KeyboardEvent) => {
    const target = seekByKey(event.key, atMs, view, day);
    if (target !== null) onSeek(target, null);
    else if (event.key === '+' || event.key === '=') onView(zoomView(view, 0.5, atMs, day));
    else if (event.key === '-') onView(zoomView(view, 2, atMs, day));
    else if (event.key === ' ') onPlayPause();
    else return;
    event.preventDefault();
  };
  const cursorX = cursorMs === null ? null : positionOf(view, cursorMs) * width;
  return (
    <div
      class="timeline"
      ref={place}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-description={help}
      aria-valuemin={0}
      aria-valuemax={Math.round(widthOf(day) / 1000)}
      aria-valuenow={Math.round((atMs - day.fromMs) / 1000)}
      aria-valuetext={timeOf(atMs)}
      onKeyDown={onKeyDown}
      {...pointer}
    >
      <svg width={width} height={height} aria-hidden="true">
        {ticksOf(view, day, Math.max(2, width / 80)).map((tick) => {
          const x = positionOf(view, tick) * width;
          const isLast = x > width - 24;
          return (
            <g key={tick} class="tick">
              <line x1={x} x2={x} y1="0" y2={height - axisHeight + 4} />
              <text x={Math.max(1, x)} y={height - 6} text-anchor={x < 20 ? 'start' : isLast ? 'end' : 'middle'}>
                {widthOf(view) < 900_000 ? timeOf(tick) : minuteOf(tick)}
              </text>
            </g>
          );
        })}
        {rows.map((row, index) => (
          <Row key={row.id} row={row} top={index * rowHeight} view={view} width={width} isActive={row.id === activeRow} />
        ))}
        {cursorX !== null && cursorX >= 0 && cursorX <= width && (
          <g class="cursor" transform={`translate(${cursorX} 0)`}>
            <line y1="0" y2={height - axisHeight + 4} />
            <path d="M-5 0h10l-5 7z" />
          </g>
        )}
      </svg>
    </div>
  );
};
