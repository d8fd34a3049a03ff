import { describe, expect, it } from 'vitest';
import { type Light, LightWatch } from './light-watch.ts';

function watch() {
  const heard: Light['state'][] = [];
  const watching = new LightWatch(({ state }) => heard.push(state));
  let bootMs = 0;
  const see = (facts: { lux?: number; gain?: number }, seconds: number) => {
    for (let second = 0; second <= seconds; second += 1, bootMs += 1000) {
      watching.observe({ sensorMs: bootMs, exposureUs: null, lux: facts.lux ?? null, gain: facts.gain ?? null }, bootMs);
    }
  };
  return { heard, see };
}

describe('Day and night', () => {
  it('are told after they have lasted, and once', () => {
    const { heard, see } = watch();
    see({ lux: 400 }, 9);
    expect(heard).toEqual([]);
    see({ lux: 400 }, 60);
    see({ lux: 1 }, 60);
    expect(heard).toEqual(['day', 'night']);
  });

  it('do not follow headlights, nor dusk to and fro', () => {
    const { heard, see } = watch();
    see({ lux: 1 }, 20);
    see({ lux: 300 }, 5);
    for (let minute = 0; minute < 10; minute += 1) {
      see({ lux: 3 }, 30);
      see({ lux: 8 }, 30);
    }
    expect(heard).toEqual(['night']);
  });

  it('are judged by gain where no lux is told', () => {
    const { heard, see } = watch();
    see({ gain: 1.5 }, 20);
    see({ gain: 6 }, 60);
    expect(heard).toEqual(['day']);
    see({ gain: 12 }, 20);
    expect(heard).toEqual(['day', 'night']);
  });

  it('are not guessed when nothing is told', () => {
    const { heard, see } = watch();
    see({}, 60);
    expect(heard).toEqual([]);
  });
});
