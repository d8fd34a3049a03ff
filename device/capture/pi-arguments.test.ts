import { describe, expect, it } from 'vitest';
import type { PiSource } from '#device/contract/contract.ts';
import { readOptions } from '#device/testing/rpicam-options.ts';
import { bitsPerSecondOf, stageDescription, type VideoPlan, videoArguments } from './pi-arguments.ts';

const plain: PiSource = { kind: 'pi', width: 1920, height: 1080, framesPerSecond: 20 };
const full: PiSource = {
  ...plain,
  camera: '/base/soc/i2c0mux/i2c@1/imx708@1a',
  rotation: 180,
  mirror: true,
  hdr: 'sensor',
  focus: { mode: 'manual', range: 'full' },
  exposure: { mode: 'sport', shutterUs: 8000, gain: 2, ev: -1.5, metering: 'average', flickerHz: 60 },
  whiteBalance: { mode: 'daylight', redGain: 1.5, blueGain: 1.2 },
  brightness: -0.1,
  contrast: 1.1,
  saturation: 0.9,
  sharpness: 1.5,
  denoise: 'cdn_fast',
  tuningFile: 'imx708_noir.json',
  region: { x: 0.25, y: 0.1, width: 0.5, height: 0.5 },
};

function plan(source: PiSource, more: Partial<VideoPlan> = {}): VideoPlan {
  return {
    source,
    cameraIndex: 1,
    board: 'vc4',
    knows: () => true,
    outputs: { video: '/run/video.264', metadata: '/run/metadata.json' },
    stage: null,
    ...more,
  };
}

describe('What rpicam-vid is told', () => {
  it('is a stream of H.264 that can be cut every two seconds, and the sensor’s word on each picture', () => {
    expect(videoArguments(plan(plain))).toEqual([
      ...['--camera=1', '--nopreview', '--timeout=0', '--keypress', '--width=1920', '--height=1080', '--framerate=20', '--codec=h264'],
      ...['--bitrate=2903040', '--intra=40', '--inline', '--flush', '--output=/run/video.264'],
      ...['--low-latency', '--metadata=/run/metadata.json', '--metadata-format=json'],
    ]);
  });

  it('is taken by a parser as strict as the real one, with every setting there is', () => {
    const stage = { configuration: '/run/stage.json', libraries: '/usr/lib/stages' };
    const read = readOptions('vid', videoArguments(plan(full, { stage })));
    expect(Object.fromEntries(read)).toMatchObject({
      rotation: '180',
      hflip: 'true',
      hdr: 'sensor',
      'autofocus-mode': 'manual',
      'lens-position': '0',
      shutter: '8000',
      ev: '-1.5',
      'flicker-period': '8333us',
      awbgains: '1.5,1.2',
      roi: '0.25,0.1,0.5,0.5',
      'tuning-file': '/usr/share/libcamera/ipa/rpi/vc4/imx708_noir.json',
      'post-process-file': '/run/stage.json',
      'post-process-libs': '/usr/lib/stages',
    });
  });

  it('is of a level that its pictures a second fit in', () => {
    expect(videoArguments(plan(plain)).join(' ')).not.toContain('--level');
    expect(videoArguments(plan({ ...plain, framesPerSecond: 50 }))).toContain('--level=4.2');
  });

  it('names the tuning file of the Pi it runs on, and takes a whole path as it is', () => {
    expect(videoArguments(plan(full, { board: 'pisp' }))).toContain('--tuning-file=/usr/share/libcamera/ipa/rpi/pisp/imx708_noir.json');
    expect(videoArguments(plan({ ...plain, tuningFile: '/data/own.json' }))).toContain('--tuning-file=/data/own.json');
  });

  it('has nothing that this release does not know', () => {
    const knows = (option: string) => !['low-latency', 'metadata', 'metadata-format'].includes(option);
    const said = videoArguments(plan(plain, { knows })).join(' ');
    expect(said).not.toMatch(/low-latency|metadata/);
  });
});

describe('The bit rate', () => {
  it('follows the picture, within what is sensible', () => {
    expect(bitsPerSecondOf({ ...plain, width: 160, height: 120, framesPerSecond: 1 })).toBe(400_000);
    expect(bitsPerSecondOf({ ...plain, width: 4608, height: 2592, framesPerSecond: 60 })).toBe(12_000_000);
    expect(bitsPerSecondOf({ ...plain, bitsPerSecond: 5_000_000 })).toBe(5_000_000);
  });
});

describe('The stage for small pictures', () => {
  it('keeps the shape, with an even height, and five pictures a second', () => {
    expect(stageDescription({ ...plain, width: 1640, height: 1232 }, 320, '/run/luma.pgm')).toEqual({
      'rpicam-apps': { lores: { width: 320, height: 240, format: 'yuv420' } },
      'kerberos-luma': { output: '/run/luma.pgm', every: 4 },
    });
  });
});
