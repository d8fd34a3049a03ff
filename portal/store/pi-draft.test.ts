import { describe, expect, it } from 'vitest';
import { draftOfPi, emptyPi, type PiSource, sourceOfPi, wrongInPi } from './pi-draft.ts';

describe('A Pi camera that is typed', () => {
  it('leaves to the camera what nobody chose', () => {
    expect(sourceOfPi(emptyPi)).toEqual({ kind: 'pi', width: 1920, height: 1080, framesPerSecond: 20 });
  });

  it('comes back as it was saved', () => {
    const source: PiSource = {
      kind: 'pi',
      camera: '/base/soc/i2c0mux/i2c@1/imx708@1a',
      width: 1280,
      height: 720,
      framesPerSecond: 15,
      bitsPerSecond: 2_500_000,
      rotation: 180,
      mirror: true,
      hdr: 'sensor',
      focus: { mode: 'manual', lensPosition: 0.5, range: 'macro' },
      exposure: { mode: 'sport', shutterUs: 8000, gain: 2, ev: -0.5, flickerHz: 50, metering: 'spot' },
      whiteBalance: { mode: 'daylight', redGain: 1.5, blueGain: 1.2 },
      tuningFile: 'imx708_noir.json',
      region: { x: 0.25, y: 0.1, width: 0.5, height: 0.5 },
      sharpness: 1.5,
    };
    expect(sourceOfPi(draftOfPi(source), source)).toEqual(source);
  });

  it('tells what the device would not take', () => {
    const draft = { ...emptyPi, framesPerSecond: '', gain: '100', tuningFile: '../secret.json', left: '50', width: '60' };
    expect([...wrongInPi(draft)].toSorted()).toEqual(['framesPerSecond', 'gain', 'tuningFile', 'width']);
    expect(sourceOfPi(draft)).toBeNull();
  });

  it('gives what is left of the picture to the right and below when only a corner is named', () => {
    expect(sourceOfPi({ ...emptyPi, left: '20', top: '30' })?.region).toEqual({ x: 0.2, y: 0.3, width: 0.8, height: 0.7 });
  });
});
