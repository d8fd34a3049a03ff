import type { Point, Zone } from '#device/contract/contract.ts';

export interface ZoneMask {
  /** Names of the include zones; bit `n` of {@link ZoneMask.touched} is `names[n]`. */
  names: string[];
  /** For each pixel 1 where movement counts. */
  watched: Uint8Array;
  /** For each pixel the include zones it lies in, one bit each. */
  touched: Uint32Array;
}

/** Even-odd rule on pixel centres, as a browser fills a polygon. */
function fill(points: readonly Point[], width: number, height: number, paint: (index: number) => void): void {
  for (let y = 0; y < height; y++) {
    const centreY = (y + 0.5) / height;
    const crossings: number[] = [];
    points.forEach((from, index) => {
      const to = points[(index + 1) % points.length];
      if (!to || from.y <= centreY === to.y <= centreY) return;
      crossings.push(from.x + ((centreY - from.y) / (to.y - from.y)) * (to.x - from.x));
    });
    crossings.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const first = Math.max(0, Math.ceil((crossings[pair] ?? 0) * width - 0.5));
      const last = Math.min(width - 1, Math.floor((crossings[pair + 1] ?? 0) * width - 0.5));
      for (let x = first; x <= last; x++) paint(y * width + x);
    }
  }
}

/** The whole picture when no zone includes; exclude zones always win. */
export function rasterise(zones: readonly Zone[], width: number, height: number): ZoneMask {
  const includes = zones.filter((zone) => zone.kind === 'include');
  const watched = new Uint8Array(width * height).fill(includes.length === 0 ? 1 : 0);
  const touched = new Uint32Array(width * height);
  includes.forEach((zone, bit) => {
    fill(zone.points, width, height, (index) => {
      watched[index] = 1;
      touched[index] = (touched[index] ?? 0) | (1 << bit);
    });
  });
  for (const zone of zones) {
    if (zone.kind !== 'exclude') continue;
    fill(zone.points, width, height, (index) => {
      watched[index] = 0;
      touched[index] = 0;
    });
  }
  return { names: includes.map((zone) => zone.name), watched, touched };
}
