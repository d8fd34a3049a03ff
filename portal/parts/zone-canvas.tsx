import { h, type RefObject, type SVGAttributes } from 'preact';
import { useRef } from 'preact/hooks';
import { arrowStep, moveAll, movePoint, type Point, removePoint, splitEdge, svgPoints, type Zone } from '../format/zones.ts';

export interface ZoneCanvasWords {
  canvas: string;
  point: (index: number, count: number, x: string, y: string) => string;
  shape: (name: string) => string;
  middle: (index: number) => string;
}

interface ZoneCanvasProps {
  zones: readonly Zone[];
  selected: number | null;
  picture: { width: number; height: number };
  mostPoints: number;
  words: ZoneCanvasWords;
  onSelect: (index: number) => void;
  onChange: (index: number, points: Point[]) => void;
}

type Grip = { kind: 'point'; index: number } | { kind: 'shape'; from: Point; points: readonly Point[] };

/** Where the pointer is in the picture, 0 to 1; may be outside. */
const pointOf = (svg: SVGSVGElement | null, event: PointerEvent, picture: { width: number; height: number }): Point | null => {
  const matrix = svg?.getScreenCTM()?.inverse();
  if (!matrix) return null;
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  return { x: place.x / picture.width, y: place.y / picture.height };
};

const useGrip = (svg: RefObject<SVGSVGElement | null>, { zones, picture, onSelect, onChange }: ZoneCanvasProps) => {
  const grip = useRef<{ zone: number; grip: Grip } | null>(null);
  return {
    take: (event: PointerEvent, zone: number, what: 'shape' | number) => {
      const from = pointOf(svg.current, event, picture);
      const points = zones[zone]?.points;
      if (!from || !points || event.button !== 0) return;
      onSelect(zone);
      grip.current = { zone, grip: what === 'shape' ? { kind: 'shape', from, points } : { kind: 'point', index: what } };
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    },
    move: (event: PointerEvent) => {
      const held = grip.current;
      const to = pointOf(svg.current, event, picture);
      const points = held ? zones[held.zone]?.points : undefined;
      if (!held || !to || !points) return;
      if (held.grip.kind === 'point') onChange(held.zone, movePoint(points, held.grip.index, to));
      else onChange(held.zone, moveAll(held.grip.points, { x: to.x - held.grip.from.x, y: to.y - held.grip.from.y }));
    },
    release: () => {
      grip.current = null;
    },
  };
};

/** A shape that is grasped or pressed. SVG has no buttons of its own, and its attributes are told apart by case: tabindex. */
const GripShape = ({ shape, ...rest }: SVGAttributes<SVGElement> & { shape: 'circle' | 'g' | 'polygon' }) =>
  h(shape, { role: 'button', tabindex: 0, ...rest });

const asGroup = { role: 'group' } as const;

const percentText = (value: number) => `${Math.round(value * 100)} %`;

interface HandlesProps extends ZoneCanvasProps {
  zone: Zone;
  index: number;
  take: (event: PointerEvent, zone: number, what: 'shape' | number) => void;
}

const Handles = ({ zone, index, take, picture, words, mostPoints, onChange }: HandlesProps) => {
  const radius = picture.width / 90;
  const { points } = zone;
  const onPointKey = (event: KeyboardEvent, at: number, point: Point) => {
    const step = arrowStep(event.key, event.shiftKey);
    if (step) onChange(index, movePoint(points, at, { x: point.x + step.x, y: point.y + step.y }));
    else if (event.key === 'Delete' || event.key === 'Backspace') onChange(index, removePoint(points, at));
    else return;
    event.preventDefault();
  };
  const split = (at: number) => onChange(index, splitEdge(points, at));
  return (
    <>
      {points.length < mostPoints &&
        points.map((point, at) => {
          const next = points[(at + 1) % points.length] ?? point;
          const [cx, cy] = [((point.x + next.x) / 2) * picture.width, ((point.y + next.y) / 2) * picture.height];
          return (
            <GripShape
              shape="g"
              // Points have no identity but their place in the row.
              key={`middle-${at}`}
              class="zone-middle"
              aria-label={words.middle(at + 1)}
              onClick={() => split(at)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                split(at);
              }}
            >
              <circle cx={cx} cy={cy} r={radius * 0.75} />
              <path d={`M${cx - radius * 0.4} ${cy}h${radius * 0.8}M${cx} ${cy - radius * 0.4}v${radius * 0.8}`} />
            </GripShape>
          );
        })}
      {points.map((point, at) => (
        <GripShape
          shape="circle"
          key={`point-${at}`}
          class="zone-point"
          aria-label={words.point(at + 1, points.length, percentText(point.x), percentText(point.y))}
          cx={point.x * picture.width}
          cy={point.y * picture.height}
          r={radius}
          onPointerDown={(event) => take(event, index, at)}
          onKeyDown={(event) => onPointKey(event, at, point)}
        />
      ))}
    </>
  );
};

/** Zones over the picture, by pointer and by keyboard. Only the selected zone shows its points. */
export const ZoneCanvas = (props: ZoneCanvasProps) => {
  const { zones, selected, picture, words, onSelect, onChange } = props;
  const svg = useRef<SVGSVGElement>(null);
  const { take, move, release } = useGrip(svg, props);
  const onShapeKey = (event: KeyboardEvent, index: number, zone: Zone) => {
    const step = arrowStep(event.key, event.shiftKey);
    if (!step) return;
    event.preventDefault();
    onChange(index, moveAll(zone.points, step));
  };
  const chosen = selected === null ? undefined : zones[selected];
  return (
    <svg
      ref={svg}
      class="zone-canvas"
      viewBox={`0 0 ${picture.width} ${picture.height}`}
      preserveAspectRatio="xMidYMid meet"
      {...asGroup}
      aria-label={words.canvas}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
    >
      {zones.map((zone, index) => (
        <GripShape
          shape="polygon"
          key={`shape-${index}`}
          class={`zone zone-${zone.kind}`}
          data-selected={index === selected || undefined}
          points={svgPoints(zone.points, picture.width, picture.height)}
          aria-label={words.shape(zone.name)}
          onFocus={() => onSelect(index)}
          onPointerDown={(event) => take(event, index, 'shape')}
          onKeyDown={(event) => onShapeKey(event, index, zone)}
        />
      ))}
      {chosen && selected !== null && <Handles {...props} zone={chosen} index={selected} take={take} />}
    </svg>
  );
};
