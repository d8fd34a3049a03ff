import { describe, expect, it } from 'vitest';
import { PiMetadataReader, type SensorFacts } from './pi-metadata.ts';

/** As rpicam-vid 1.12 writes it for an imx708. */
const answer = `[
{
    "SensorTimestamp": 512345678901000,
    "ScalerCrop": (0, 0)/4608x2592,
    "FrameDuration": 33326,
    "Lux": 12.345678,
    "ColourGains": [ 1.860000, 1.710000 ],
    "ExposureTime": 32987,
    "AnalogueGain": 8.000000,
    "DigitalGain": 1.500000,
    "AeLocked": true
},
{
    "SensorTimestamp": 512345712227000,
    "AnalogueGain": 1.000000
}`;

function read(text: string, chunk = text.length): SensorFacts[] {
  const facts: SensorFacts[] = [];
  const reader = new PiMetadataReader((record) => facts.push(record));
  for (let at = 0; at < text.length; at += chunk) reader.push(text.slice(at, at + chunk));
  return facts;
}

describe('What the sensor tells of its pictures', () => {
  it('is read though it is not quite JSON', () => {
    expect(read(answer)).toEqual([
      { sensorMs: 512_345_678.901, gain: 12, exposureUs: 32_987, lux: 12.345678 },
      { sensorMs: 512_345_712.227, gain: 1, exposureUs: null, lux: null },
    ]);
  });

  it('does not care how it comes in', () => {
    expect(read(answer, 11)).toEqual(read(answer));
  });

  it('has an end, or it is nonsense', () => {
    const reader = new PiMetadataReader(() => {});
    expect(() => reader.push('"Lux": 1,\n'.repeat(10_000))).toThrow(RangeError);
  });
});
