import { describe, expect, test } from 'vitest';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { StreamMeter } from './stream-meter.ts';

const format: StreamFormat = {
  video: { codec: 'h264', codecString: 'avc1.64001f', width: 1920, height: 1080, timescale: 90_000, sampleEntry: new Uint8Array() },
  audio: null,
};

function video(index: number, key: boolean, sizeBytes = 1000): TimedPacket {
  return {
    track: 'video',
    dts: index * 4500,
    compositionOffset: 0,
    duration: 4500,
    key,
    data: new Uint8Array(sizeBytes),
    bootMs: 10_000 + index * 50,
  };
}

describe('what is really coming in', () => {
  test('is nothing before the camera said what it sends', () => {
    expect(new StreamMeter().info()).toBeNull();
  });

  test('is told as pictures a second, bits a second and time between key pictures', () => {
    const meter = new StreamMeter();
    meter.begin(format);
    for (let index = 0; index < 90; index += 1) meter.packet(video(index, index % 40 === 0));
    expect(meter.info()).toMatchObject({ framesPerSecond: 20, bitsPerSecond: 160_000, keyIntervalMs: 2000, width: 1920, height: 1080 });
  });

  test('tells that key pictures are far apart before the second one comes', () => {
    const meter = new StreamMeter();
    meter.begin(format);
    meter.packet(video(0, true));
    expect(meter.keyGapMs(10_000 + 7_000)).toBe(7_000);
    meter.packet(video(200, true));
    expect(meter.keyGapMs(10_000 + 10_500)).toBe(10_000);
  });

  test('begins anew with a new session', () => {
    const meter = new StreamMeter();
    meter.begin(format);
    meter.packet(video(0, true));
    meter.begin({ ...format, video: { ...format.video, width: 640, height: 360 } });
    expect(meter.info()).toMatchObject({ width: 640, framesPerSecond: null, keyIntervalMs: null });
  });
});
