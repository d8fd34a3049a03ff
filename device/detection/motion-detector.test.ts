import { describe, expect, test, vi } from 'vitest';
import { defaultMotionSettings, type Zone } from '#device/contract/contract.ts';
import { type SceneMoment, type SceneOptions, type SceneThing, SimulatedScene } from '#device/testing/simulated-scene.ts';
import { createDetection } from './create-detection.ts';
import type { MotionObservation, MotionTransition } from './detection.ts';

// Hundreds of pictures are drawn in each test: half a second on an idle machine, much more on a busy one.
vi.setConfig({ testTimeout: 60_000 });

const place: SceneOptions = { width: 320, height: 180, seed: 11, meanGrey: 110, noiseGrey: 2 };

function person(x: number, height = 0.3, y = 0.6): SceneThing {
  return { x, y, height, width: (height / 2.5) * (9 / 16), grey: 40, shape: 'person' };
}

/** In from the left at 10 s, out to the right at 20 s. */
function walks(seconds: number, height = 0.3, y = 0.6): SceneThing[] {
  return seconds >= 10 && seconds <= 20 ? [person((seconds - 10) / 10, height, y)] : [];
}

interface Run {
  observations: MotionObservation[];
  started: (MotionTransition & { phase: 'started' })[];
  ended: (MotionTransition & { phase: 'ended' })[];
}

interface Watched {
  lastsS?: number;
  everyMs?: number;
  sensitivity?: number;
  zones?: Zone[];
  options?: Partial<SceneOptions>;
}

function watch(
  at: (seconds: number) => SceneMoment,
  { lastsS = 40, everyMs = 2000, sensitivity = 50, zones = [], options }: Watched = {},
): Run {
  const scene = new SimulatedScene({ ...place, ...options });
  const detection = createDetection();
  const detector = detection.detector({ ...defaultMotionSettings, sensitivity, zones });
  const tracker = detection.tracker();
  const observations: MotionObservation[] = [];
  const transitions: MotionTransition[] = [];
  for (let bootMs = 0; bootMs <= lastsS * 1000; bootMs += everyMs) {
    const observation = detector.observe(scene.picture(bootMs, at(bootMs / 1000)));
    observations.push(observation);
    transitions.push(...tracker.observe(observation));
  }
  transitions.push(...tracker.stop(lastsS * 1000));
  return {
    observations,
    started: transitions.filter((transition) => transition.phase === 'started'),
    ended: transitions.filter((transition) => transition.phase === 'ended'),
  };
}

function rectangle(name: string, kind: Zone['kind'], left: number, top: number, right: number, bottom: number): Zone {
  return {
    name,
    kind,
    points: [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ],
  };
}

describe('what counts as movement', () => {
  test.each([200, 1000, 2000, 4000])('a person who walks through is one event, with a picture every %d ms', (everyMs) => {
    const { started, ended } = watch((s) => ({ things: walks(s) }), { everyMs });
    expect(started).toHaveLength(1);
    expect(ended).toHaveLength(1);
    expect(started[0]?.startBootMs).toBeGreaterThanOrEqual(10_000);
    expect(started[0]?.startBootMs).toBeLessThanOrEqual(10_000 + 2 * everyMs);
    expect(ended[0]?.endBootMs).toBeLessThanOrEqual(20_000 + everyMs);
  });

  test('the box is where the person is', () => {
    const { observations } = watch((s) => ({ things: walks(s) }));
    const box = observations.find((observation) => observation.bootMs === 16_000)?.boxes[0];
    if (!box) throw new Error('nothing found at 16 s');
    expect(box.x + box.width / 2).toBeCloseTo(0.6, 1);
    expect(box.y + box.height / 2).toBeCloseTo(0.6, 1);
    expect(box.height).toBeGreaterThan(0.2);
    expect(box.height).toBeLessThan(0.4);
  });

  test('a person at night, in the noise of the dark, is found', () => {
    const { started } = watch((s) => ({ things: walks(s).map((thing) => ({ ...thing, grey: 75 })) }), {
      options: { meanGrey: 28, noiseGrey: 6 },
    });
    expect(started).toHaveLength(1);
  });

  test('who walks in, stands and walks out again is one event', () => {
    const { started } = watch(
      (s) => {
        if (s < 10 || s > 40) return {};
        const x = s < 14 ? (s - 10) / 8 : s < 36 ? 0.5 + 0.006 * Math.sin(s * 0.9) : 0.5 + (s - 36) / 8;
        return { things: [person(x, 0.5)] };
      },
      { lastsS: 60 },
    );
    expect(started).toHaveLength(1);
  });

  test('a parked car becomes part of the place, and its leaving is one short event', () => {
    const { started, ended, observations } = watch(
      (s) => {
        if (s < 10 || s > 165) return {};
        const x = s < 15 ? ((s - 10) / 5) * 0.5 : s < 160 ? 0.5 : 0.5 + ((s - 160) / 5) * 0.6;
        return { things: [{ x, y: 0.65, width: 0.2, height: 0.16, grey: 200, shape: 'box' }] };
      },
      { lastsS: 200 },
    );
    expect(started).toHaveLength(2);
    expect(ended[0]?.endBootMs).toBeLessThan(30_000);
    expect(started[1]?.startBootMs).toBeGreaterThanOrEqual(160_000);
    expect(ended[1]?.endBootMs).toBeLessThan(180_000);
    const stillThere = observations.filter(({ bootMs }) => bootMs > 30_000 && bootMs < 160_000);
    expect(Math.max(...stillThere.map(({ score, threshold }) => score - threshold))).toBeLessThan(0);
  });
});

describe('what does not count', () => {
  const nuisances: [string, (seconds: number) => SceneMoment, Partial<SceneOptions>][] = [
    ['an empty place', () => ({}), {}],
    ['a light switched off and on', (s) => ({ gain: s > 12 && s < 24 ? 0.55 : 1 }), {}],
    ['jumps of the camera gain', (s) => ({ gain: 1 + 0.25 * Math.sign(Math.sin(s * 0.7)) }), {}],
    ['a slow cloud', (s) => ({ lights: [{ x: -0.6 + s / 15, y: 0.5, radius: 0.6, strength: -0.4 }] }), {}],
    ['the infrared filter', (s) => (s > 20 ? { gamma: 0.6, gain: 0.8, noiseGrey: 6 } : {}), {}],
    ['noise of the night', () => ({}), { meanGrey: 25, noiseGrey: 12 }],
    ['noise that rises', (s) => ({ noiseGrey: s > 20 ? 14 : 4 }), { meanGrey: 25 }],
    ['rain', (s) => ({ streaks: s > 8 ? 80 : 0 }), { meanGrey: 60 }],
    ['a camera turned to another place', (s) => (s > 20 ? { shiftX: 60, shiftY: 30 } : {}), {}],
    ['a mast in the wind', (s) => ({ shiftX: Math.sin(s * 9), shiftY: Math.cos(s * 7) }), {}],
  ];
  for (const everyMs of [300, 2000]) {
    test.each(nuisances)(`%s is no event, with a picture every ${everyMs} ms`, (_name, at, options) => {
      expect(watch(at, { everyMs, lastsS: 32, options }).started).toEqual([]);
    });
  }

  test('a turned camera is told as a global change, and learnt', () => {
    const { observations } = watch((s) => (s > 20 ? { shiftX: 60, shiftY: 30 } : {}));
    expect(observations.find(({ bootMs }) => bootMs === 22_000)?.globalChange).toBe(true);
    expect(observations.find(({ bootMs }) => bootMs === 30_000)?.globalChange).toBe(false);
  });

  test('a crowd that fills the picture for long is not taken for a global change', () => {
    const crowd = (s: number) =>
      Array.from({ length: s < 12 ? 0 : 14 }, (_, index) =>
        person((index * 0.137 + s * 0.02 * (1 + (index % 5))) % 1, 0.3, 0.15 + 0.7 * ((index * 0.31) % 1)),
      );
    expect(watch((s) => ({ things: crowd(s) }), { lastsS: 60 }).started.length).toBeGreaterThan(0);
  });

  test('a person is found again soon after the light was switched', () => {
    const { started } = watch((s) => ({ gain: s > 11 ? 0.5 : 1, things: walks(s) }), { lastsS: 30 });
    expect(started).toHaveLength(1);
  });
});

describe('sensitivity', () => {
  test('a small thing counts at high sensitivity and not at low', () => {
    const small = (s: number) => ({ things: walks(s, 0.05) });
    expect(watch(small, { sensitivity: 20 }).started).toHaveLength(0);
    expect(watch(small, { sensitivity: 80 }).started).toHaveLength(1);
  });

  test.each([0.04, 0.12, 0.5])('more sensitivity never loses what less has found, of a thing of %d of the height', (height) => {
    const scene = new SimulatedScene(place);
    const pictures = Array.from({ length: 14 }, (_, index) => scene.picture(index * 2000, { things: walks(index * 2, height, 0.5) }));
    const isFound = (sensitivity: number) => {
      const detection = createDetection();
      const detector = detection.detector({ ...defaultMotionSettings, sensitivity });
      const tracker = detection.tracker();
      const told = pictures.flatMap((picture) => tracker.observe(detector.observe(picture)));
      return told.some(({ phase, startBootMs }) => phase === 'started' && startBootMs <= 20_000);
    };
    const found = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map(isFound);
    expect(found.at(-1)).toBe(true);
    expect(found).toEqual(found.toSorted());
  });

  test('a change of sensitivity applies at once and forgets nothing', () => {
    const scene = new SimulatedScene(place);
    const detector = createDetection().detector({ ...defaultMotionSettings, sensitivity: 1 });
    for (let bootMs = 0; bootMs < 12_000; bootMs += 2000) detector.observe(scene.picture(bootMs));
    detector.configure({ ...defaultMotionSettings, sensitivity: 90 });
    const observation = detector.observe(scene.picture(12_000, { things: [person(0.5, 0.1)] }));
    expect(observation.globalChange).toBe(false);
    expect(observation.boxes).toHaveLength(1);
  });
});

describe('zones', () => {
  test('who stays in an excluded zone is no event', () => {
    const zones = [rectangle('street', 'exclude', 0, 0.4, 1, 0.8)];
    expect(watch((s) => ({ things: walks(s) }), { zones }).started).toHaveLength(0);
    expect(watch((s) => ({ things: walks(s, 0.3, 0.2) }), { zones }).started).toHaveLength(1);
  });

  test('an event tells the zones it touches, and nothing outside of them counts', () => {
    const zones = [rectangle('gate', 'include', 0.3, 0, 0.6, 1), rectangle('attic', 'include', 0, 0, 1, 0.2)];
    const { ended } = watch((s) => ({ things: walks(s) }), { zones });
    expect(ended.map((event) => event.zones)).toEqual([['gate']]);
    expect(ended[0]?.startBootMs).toBeGreaterThanOrEqual(12_000);
    const shed = [rectangle('shed', 'include', 0, 0, 1, 0.2)];
    expect(watch((s) => ({ things: walks(s) }), { zones: shed }).started).toHaveLength(0);
  });
});

describe('pictures that are not as they should be', () => {
  test('half a picture is refused and spoils nothing', () => {
    const scene = new SimulatedScene(place);
    const detector = createDetection().detector(defaultMotionSettings);
    for (let bootMs = 0; bootMs < 12_000; bootMs += 2000) detector.observe(scene.picture(bootMs));
    const whole = scene.picture(12_000, { things: [person(0.5)] });
    expect(() => detector.observe({ ...whole, luma: whole.luma.subarray(0, 1000) })).toThrow('not as large');
    expect(detector.observe(whole).boxes).toHaveLength(1);
  });

  test('another size, or a gap of minutes, is learnt anew without an event', () => {
    const detector = createDetection().detector(defaultMotionSettings);
    const large = new SimulatedScene(place);
    const small = new SimulatedScene({ ...place, width: 160, height: 90, seed: 5 });
    for (let bootMs = 0; bootMs < 12_000; bootMs += 2000) detector.observe(large.picture(bootMs));
    expect(detector.observe(small.picture(12_000))).toMatchObject({ globalChange: true, boxes: [] });
    expect(detector.observe(small.picture(200_000, { things: [person(0.5)] }))).toMatchObject({ globalChange: true, boxes: [] });
  });

  test('learns the picture anew when it is told that the light changed', () => {
    const scene = new SimulatedScene(place);
    const detector = createDetection().detector(defaultMotionSettings);
    for (let bootMs = 0; bootMs <= 20_000; bootMs += 2000) detector.observe(scene.picture(bootMs));
    expect(detector.observe(scene.picture(22_000, { things: [person(0.5)] })).boxes).not.toEqual([]);
    detector.lightChanged();
    expect(detector.observe(scene.picture(24_000, { things: [person(0.4)] }))).toMatchObject({ globalChange: true, boxes: [] });
  });
});

describe('what it costs', () => {
  test('once running, a picture makes no new arrays', () => {
    const scene = new SimulatedScene(place);
    const detector = createDetection().detector(defaultMotionSettings);
    const shown = Array.from({ length: 10 }, (_, index) => scene.picture(index * 2000, { things: [person(index / 10)] }));
    for (const picture of shown) detector.observe(picture);
    let made = 0;
    for (const name of ['Float32Array', 'Float64Array', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Int16Array'] as const) {
      const counting = new Proxy(globalThis[name], {
        construct: (target, args, newTarget) => {
          made += 1;
          return Reflect.construct(target, args, newTarget);
        },
      });
      vi.stubGlobal(name, counting);
    }
    try {
      for (const picture of shown) detector.observe({ ...picture, bootMs: picture.bootMs + 20_000 });
      expect(made).toBe(0);
      createDetection().detector(defaultMotionSettings).observe(scene.picture(0));
      expect(made).toBeGreaterThan(0);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
