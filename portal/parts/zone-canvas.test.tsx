// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { useState } from 'preact/hooks';
import { afterEach, describe, expect, test } from 'vitest';
import type { Point, Zone } from '../format/zones.ts';
import { ZoneCanvas } from './zone-canvas.tsx';

const square: Zone = {
  name: 'Path',
  kind: 'include',
  points: [
    { x: 0.2, y: 0.2 },
    { x: 0.6, y: 0.2 },
    { x: 0.6, y: 0.6 },
    { x: 0.2, y: 0.6 },
  ],
};

const Editor = ({ onPoints }: { onPoints: (points: Point[]) => void }) => {
  const [zone, setZone] = useState(square);
  return (
    <ZoneCanvas
      zones={[zone]}
      selected={0}
      picture={{ width: 1600, height: 900 }}
      mostPoints={5}
      words={{
        canvas: 'Zones',
        point: (index, count) => `Point ${index} of ${count}`,
        shape: (name) => `${name}, whole shape`,
        middle: (index) => `Add after ${index}`,
      }}
      onSelect={() => {}}
      onChange={(_index, points) => {
        setZone({ ...zone, points });
        onPoints(points);
      }}
    />
  );
};

const show = () => {
  let points: Point[] = square.points;
  render(<Editor onPoints={(next) => (points = next)} />);
  return { points: () => points };
};

afterEach(cleanup);

describe('zones by keyboard', () => {
  test('every grip can be reached', () => {
    show();
    const grips = screen.getAllByRole('button');
    expect(grips).toHaveLength(9);
    expect(grips.map((grip) => grip.getAttribute('tabindex'))).toEqual(grips.map(() => '0'));
  });

  test('arrows move a point, with shift further', () => {
    const { points } = show();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Point 1 of 4' }), { key: 'ArrowRight' });
    expect(points()[0]).toEqual({ x: 0.21, y: 0.2 });
    fireEvent.keyDown(screen.getByRole('button', { name: 'Point 1 of 4' }), { key: 'ArrowDown', shiftKey: true });
    expect(points()[0]).toEqual({ x: 0.21, y: 0.25 });
  });

  test('arrows on the shape move all of it', () => {
    const { points } = show();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Path, whole shape' }), { key: 'ArrowLeft' });
    expect(points().map((point) => point.x)).toEqual([0.19, 0.59, 0.59, 0.19]);
  });

  test('delete takes a point away, but a triangle stays', () => {
    const { points } = show();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Point 2 of 4' }), { key: 'Delete' });
    expect(points()).toHaveLength(3);
    fireEvent.keyDown(screen.getByRole('button', { name: 'Point 2 of 3' }), { key: 'Delete' });
    expect(points()).toHaveLength(3);
  });

  test('a plus adds a point until there are enough', () => {
    const { points } = show();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Add after 1' }), { key: 'Enter' });
    expect(points()[1]).toEqual({ x: 0.4, y: 0.2 });
    expect(screen.queryByRole('button', { name: 'Add after 1' })).toBeNull();
  });
});
