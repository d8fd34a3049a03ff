/** One picture's facts need a kilobyte or two. */
const maxRecordLength = 65_536;

/** What the sensor told of one picture. */
export interface SensorFacts {
  /** When its first line was read, by the boot clock; null when it does not say. */
  sensorMs: number | null;
  /** Analogue times digital gain; null when it does not say. */
  gain: number | null;
  exposureUs: number | null;
  lux: number | null;
}

/**
 * Cuts what rpicam-vid writes with `--metadata` into its records. It is nearly JSON (values such as `[ 1, 2 ]` are not quoted where they
 * ought to be, and the list never ends), so that each `"Name": value` line is read by itself. Throws RangeError when a record does not end.
 */
export class PiMetadataReader {
  readonly #deliver: (facts: SensorFacts) => void;
  #text = '';

  constructor(deliver: (facts: SensorFacts) => void) {
    this.#deliver = deliver;
  }

  push(text: string): void {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf('\n}');
      if (end < 0) break;
      this.#deliver(factsOf(this.#text.slice(0, end)));
      this.#text = this.#text.slice(end + 2);
    }
    if (this.#text.length > maxRecordLength) throw new RangeError('a record without end');
  }
}

function factsOf(record: string): SensorFacts {
  const value = (name: string): number | null => {
    const match = new RegExp(`"${name}":\\s*(-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)\\s*(?:,|$)`, 'm').exec(record);
    return match ? Number(match[1]) : null;
  };
  const [nanoseconds, analogue, digital] = [value('SensorTimestamp'), value('AnalogueGain'), value('DigitalGain')];
  return {
    sensorMs: nanoseconds === null ? null : nanoseconds / 1e6,
    gain: analogue === null ? null : analogue * (digital ?? 1),
    exposureUs: value('ExposureTime'),
    lux: value('Lux'),
  };
}
