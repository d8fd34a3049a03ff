/** Polygons over the picture; points are 0 to 1 from the left and from the top. */

export interface Point {
  x: number;
  y: number;
}

export interface Zone {
  name: string;
  kind: 'include' | 'exclude';
  points: Point[];
}

const unit = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;

export const clampPoint = (point: Point): Point => ({ x: unit(point.x), y: unit(point.y) });

export const movePoint = (points: readonly Point[], index: number, to: Point): Point[] =>
  points.map((point, at) => (at === index ? clampPoint(to) : point));

/** Moves all points together, stopping at the edges without changing the shape. */
export const moveAll = (points: readonly Point[], by: Point): Point[] => {
  const within = (values: number[], step: number) => Math.min(Math.max(step, -Math.min(...values)), 1 - Math.max(...values));
  const x = within(
    points.map((point) => point.x),
    by.x,
  );
  const y = within(
    points.map((point) => point.y),
    by.y,
  );
  return points.map((point) => clampPoint({ x: point.x + x, y: point.y + y }));
};

/** A new point half way to the next one. */
export const splitEdge = (points: readonly Point[], index: number): Point[] => {
  const from = points[index];
  const to = points[(index + 1) % points.length];
  if (!from || !to) return [...points];
  return points.toSpliced(index + 1, 0, clampPoint({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }));
};

/** A triangle is the least: fewer points are not taken away. */
export const removePoint = (points: readonly Point[], index: number): Point[] =>
  points.length > 3 ? points.toSpliced(index, 1) : [...points];

/** A box to begin with, each one placed a little further so that two never cover each other. */
export const freshZone = (name: string, kind: Zone['kind'], count: number): Zone => {
  const shift = (count % 5) * 0.05;
  const [left, top, right, bottom] = [0.2 + shift, 0.2 + shift, 0.6 + shift, 0.65 + shift];
  return {
    name,
    kind,
    points: [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ].map(clampPoint),
  };
};

export const arrowStep = (key: string, coarse: boolean): Point | null => {
  const step = coarse ? 0.05 : 0.01;
  switch (key) {
    case 'ArrowLeft':
      return { x: -step, y: 0 };
    case 'ArrowRight':
      return { x: step, y: 0 };
    case 'ArrowUp':
      return { x: 0, y: -step };
    case 'ArrowDown':
      return { x: 0, y: step };
    default:
      return null;
  }
};

/** Coordinates for an SVG `points` attribute in a picture of that size. */
export const svgPoints = (points: readonly Point[], width: number, height: number): string =>
  points.map((point) => `${(point.x * width).toFixed(1)},${(point.y * height).toFixed(1)}`).join(' ');
