import type { SceneMoment, SceneOptions, SceneThing } from '#device/testing/simulated-scene.ts';

/** A made-up clip. `events` are the seconds in which something a person cares about moves; nothing else may be reported. */
export interface BenchScene {
  name: string;
  durationS: number;
  options: Omit<SceneOptions, 'width' | 'height'>;
  events: [number, number][];
  sensitivity: number;
  at(seconds: number): SceneMoment;
}

/** What differs between the set used for tuning and the one held out: places, sizes, speeds, tones and times. */
interface Variant {
  seed: number;
  /** 0 to 1, different in every variant. */
  spread: number;
}

const day = { meanGrey: 110, noiseGrey: 2.5 };
const dusk = { meanGrey: 60, noiseGrey: 6 };
const night = { meanGrey: 28, noiseGrey: 7 };

function walker(x: number, y: number, height: number, grey: number): SceneThing {
  // A picture is 16:9 and a person 2.5 times as high as wide.
  return { x, y, height, width: (height / 2.5) * (9 / 16), grey, shape: 'person' };
}

function between(seconds: number, from: number, to: number): number | null {
  return seconds >= from && seconds <= to ? (seconds - from) / (to - from) : null;
}

/** Crosses the picture from left to right. */
function crossing(seconds: number, [from, to]: [number, number], y: number, height: number, grey: number): SceneThing[] {
  const share = between(seconds, from, to);
  return share === null ? [] : [walker(-0.05 + 1.1 * share, y, height, grey)];
}

/** Repeatable jitter, -1 to 1, that changes `perSecond` times a second. */
function jitter(seconds: number, perSecond: number, seed: number): number {
  const step = Math.floor(seconds * perSecond);
  return Math.sin(step * 127.1 + seed * 311.7) * Math.cos(step * 74.7 + seed * 19.3);
}

type Family = (variant: Variant) => Omit<BenchScene, 'options' | 'sensitivity' | 'name' | 'durationS'> & {
  durationS?: number;
  light?: typeof day;
  sensitivity?: number;
};

const families: Record<string, Family> = {
  walker: ({ spread }) => {
    const first: [number, number] = [18, 24 + 4 * spread];
    const second: [number, number] = [42, 50];
    return {
      events: [first, second],
      at: (s) => ({ things: [...crossing(s, first, 0.6, 0.3, 45), ...crossing(s, second, 0.5, 0.15 + 0.1 * spread, 190)] }),
    };
  },
  'light-step': ({ spread }) => ({
    events: [],
    at: (s) => ({ gain: s < 20 ? 1 : s < 30 ? 0.55 + 0.15 * spread : s < 42 ? 1 : 1.3 }),
  }),
  'one-lamp': ({ spread }) => ({
    events: [],
    at: (s) => ({ lights: s > 20 && s < 38 ? [{ x: 0.3 + 0.3 * spread, y: 0.4, radius: 0.35, strength: 0.8 }] : [] }),
  }),
  'gain-jumps': ({ seed, spread }) => ({
    events: [[46, 52]],
    at: (s) => ({
      gain: 1 + 0.3 * jitter(s, 0.21 + 0.1 * spread, seed) * Math.min(1, (s % (1 / (0.21 + 0.1 * spread))) / 0.8),
      things: crossing(s, [46, 52], 0.6, 0.25, 40),
    }),
  }),
  flicker: ({ spread }) => ({ events: [], at: (s) => ({ gain: 1 + (0.08 + 0.05 * spread) * Math.sin(s * (4.1 + spread)) }) }),
  'night-noise': ({ spread }) => ({
    light: night,
    events: [],
    at: (s) => ({ noiseGrey: s > 25 && s < 45 ? 12 + 4 * spread : 7 }),
  }),
  rain: ({ spread }) => ({
    light: dusk,
    events: [[44, 51]],
    at: (s) => ({ streaks: s > 8 ? Math.round(60 + 120 * spread) : 0, things: crossing(s, [44, 51], 0.6, 0.3, 130) }),
  }),
  insects: ({ seed, spread }) => ({
    light: night,
    events: [],
    at: (s) => {
      const isThere = jitter(s, 2.5, seed) > 0.72;
      const size = 0.04 + 0.05 * Math.abs(jitter(s, 2.5, seed + 7)) + 0.02 * spread;
      const x = 0.5 + 0.45 * jitter(s, 10, seed + 1);
      const y = 0.5 + 0.45 * jitter(s, 10, seed + 2);
      return { things: isThere ? [{ x, y, width: size * 0.6, height: size, grey: 200, shape: 'spot' }] : [] };
    },
  }),
  headlights: ({ spread }) => ({
    light: night,
    events: [],
    at: (s) => {
      const sweep = between(s, 20, 23 + spread) ?? between(s, 40, 43);
      return { lights: sweep === null ? [] : [{ x: -0.2 + 1.4 * sweep, y: 0.55, radius: 0.22, strength: 2.5 }] };
    },
  }),
  cloud: ({ spread }) => ({
    events: [],
    at: (s) => ({ lights: [{ x: -0.7 + (s / 60) * (2 + spread), y: 0.5, radius: 0.6, strength: -0.4 }] }),
  }),
  shake: ({ seed, spread }) => ({
    events: [[47, 53]],
    at: (s) => ({
      shiftX: s > 10 ? 2.4 * jitter(s, 5, seed) * (0.7 + 0.6 * spread) : 0,
      shiftY: s > 10 ? 1.6 * jitter(s, 5, seed + 3) : 0,
      things: crossing(s, [47, 53], 0.65, 0.25, 40),
    }),
  }),
  'far-walkers': ({ spread }) => ({
    events: [
      [18, 30],
      [42, 54],
    ],
    at: (s) => ({
      things: [far(s, 18, 30, 0.042 + 0.008 * spread, 40), far(s, 42, 54, 0.06, 40)].flat(),
    }),
  }),
  'tiny-walker': ({ spread }) => ({
    sensitivity: 90,
    events: [[22, 40]],
    at: (s) => ({ things: far(s, 22, 40, 0.024 + 0.004 * spread, 35) }),
  }),
  'slow-mover': ({ spread }) => ({
    events: [[18, 50]],
    at: (s) => {
      const share = between(s, 18, 50);
      return { things: share === null ? [] : [walker(0.2 + (0.3 + 0.2 * spread) * share, 0.6, 0.18, 50)] };
    },
  }),
  'stands-still': ({ spread }) => ({
    events: [[16, 44]],
    at: (s) => {
      if (s < 16 || s > 44) return {};
      const x = s < 20 ? -0.05 + 0.5 * ((s - 16) / 4) : s < 40 ? 0.45 + 0.006 * Math.sin(s * (0.7 + spread)) : 0.45 + 0.6 * ((s - 40) / 4);
      return { things: [walker(x, 0.6, 0.45, 45)] };
    },
  }),
  'car-parks': ({ spread }) => ({
    durationS: 150,
    events: [
      [15, 20],
      [125, 130],
    ],
    at: (s) => {
      if (s < 15 || s > 130) return {};
      const x = s < 20 ? -0.15 + 0.6 * ((s - 15) / 5) : s < 125 ? 0.45 : 0.45 + 0.7 * ((s - 125) / 5);
      return { things: [{ x, y: 0.65, width: 0.2, height: 0.16, grey: 170 + 40 * spread, shape: 'box' }] };
    },
  }),
  torch: ({ spread }) => ({
    light: night,
    events: [[22, 32]],
    at: (s) => {
      const share = between(s, 22, 32);
      if (share === null) return {};
      const x = 0.1 + 0.8 * share;
      return {
        things: [walker(x, 0.55, 0.2, 55), { x: x + 0.02, y: 0.53, width: 0.02 + 0.01 * spread, height: 0.04, grey: 250, shape: 'spot' }],
      };
    },
  }),
  'infrared-switch': ({ spread }) => ({
    events: [],
    at: (s) => (s > 24 && s < 46 ? { gamma: 0.6 + 0.1 * spread, gain: 0.8, noiseGrey: 6 } : {}),
  }),
  'enters-and-switches-on': ({ spread }) => ({
    light: dusk,
    events: [[18, 32]],
    at: (s) => ({ gain: s > 21 ? 1.7 + 0.5 * spread : 1, things: crossing(s, [18, 32], 0.6, 0.4, 30) }),
  }),
  tree: ({ spread, seed }) => ({
    events: [[46, 52]],
    at: (s) => ({
      things: [
        {
          x: 0.8 + 0.012 * Math.sin(s * 2.1),
          y: 0.3 + 0.01 * jitter(s, 3, seed),
          width: 0.16,
          height: 0.3 + 0.1 * spread,
          grey: 60,
          shape: 'box',
        },
        ...crossing(s, [46, 52], 0.65, 0.25, 190),
      ],
    }),
  }),
  'sun-patch': ({ spread }) => ({
    events: [],
    at: (s) => ({
      lights: [{ x: 0.35 + 0.3 * spread, y: 0.6, radius: 0.12, strength: 0.5 * Math.min(1, Math.max(0, (s - 18) / 10)), sharp: true }],
    }),
  }),
};

/** A small person far away walks about its own height each second. */
function far(seconds: number, from: number, to: number, height: number, grey: number): SceneThing[] {
  return seconds < from || seconds > to ? [] : [walker(0.3 + (seconds - from) * height * 0.6, 0.45, height, grey)];
}

/** One scene of each family; another `seed` is another place with other sizes and speeds. */
export function scenes(seed: number): BenchScene[] {
  const spread = (seed * 0.618) % 1;
  return Object.entries(families).map(([name, family], index) => {
    const { light, durationS, sensitivity, events, at } = family({ seed, spread });
    const options = { seed: seed * 1000 + index, ...(light ?? day) };
    return { name, durationS: durationS ?? 60, options, events, sensitivity: sensitivity ?? 50, at };
  });
}
