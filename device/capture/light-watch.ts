import type { SensorFacts } from './pi-metadata.ts';

export interface Light {
  state: 'day' | 'night';
  lux: number | null;
  gain: number | null;
}

/** A passing car's headlights and a cloud are shorter. */
const holdMs = 10_000;
/** Between the two thresholds it stays what it is: at dusk one lux more or less is noise. */
const nightLux = 4;
const dayLux = 10;
/** Of sensors that tell no lux; that much gain is noise to be seen. */
const nightGain = 8;
const dayGain = 4;

/** Whether it is day or night for the sensor, from what it has to do to get a picture. */
export class LightWatch {
  readonly #onChange: (light: Light) => void;
  #state: Light['state'] | null = null;
  #turning: { to: Light['state']; sinceMs: number } | null = null;

  /** `onChange` hears of the first finding too. */
  constructor(onChange: (light: Light) => void) {
    this.#onChange = onChange;
  }

  observe({ lux, gain }: SensorFacts, bootMs: number): void {
    const seen = judged(lux, gain);
    if (seen === null || seen === this.#state) {
      this.#turning = null;
      return;
    }
    if (this.#turning?.to !== seen) this.#turning = { to: seen, sinceMs: bootMs };
    // The very first pictures are taken before the exposure has settled.
    if (bootMs - this.#turning.sinceMs < holdMs) return;
    this.#turning = null;
    this.#state = seen;
    this.#onChange({ state: seen, lux, gain });
  }
}

/** null where it may be either. */
function judged(lux: number | null, gain: number | null): Light['state'] | null {
  if (lux !== null) {
    if (lux < nightLux) return 'night';
    return lux > dayLux ? 'day' : null;
  }
  if (gain === null) return null;
  if (gain >= nightGain) return 'night';
  return gain < dayGain ? 'day' : null;
}
