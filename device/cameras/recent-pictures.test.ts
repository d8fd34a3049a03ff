import { describe, expect, test } from 'vitest';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { RecentPictures } from './recent-pictures.ts';

const format: StreamFormat = {
  video: { codec: 'h264', codecString: 'avc1.64001f', width: 640, height: 360, timescale: 1000, sampleEntry: new Uint8Array() },
  audio: null,
};

function video(bootMs: number, key = false): TimedPacket {
  return { track: 'video', dts: bootMs, compositionOffset: 0, duration: 500, key, data: new Uint8Array(1), bootMs };
}

function pictures(...packets: TimedPacket[]): RecentPictures {
  const recent = new RecentPictures();
  recent.begin(format);
  for (const packet of packets) recent.packet(packet);
  return recent;
}

describe('the last few seconds of pictures', () => {
  test('a moment is decoded from the key picture before it up to itself', () => {
    const recent = pictures(video(0, true), video(1500), video(3000), video(6000, true), video(6500));
    expect(recent.at(3100)?.packets.map((packet) => packet.bootMs)).toEqual([0, 1500, 3000]);
    expect(recent.at(9000)?.packets.map((packet) => packet.bootMs)).toEqual([6000, 6500]);
  });

  test('a moment close to a key picture, before or after it, needs no other picture', () => {
    const recent = pictures(video(0, true), video(500), video(1900), video(2000, true), video(2500), video(3600));
    expect(recent.at(1900)?.packets.map((packet) => packet.bootMs)).toEqual([2000]);
    expect(recent.at(2500)?.packets.map((packet) => packet.bootMs)).toEqual([2000]);
    expect(recent.at(3600)?.packets.map((packet) => packet.bootMs)).toEqual([2000, 2500, 3600]);
  });

  test('a moment before everything that is kept gives the oldest key picture', () => {
    expect(
      pictures(video(1000, true), video(1500))
        .at(10)
        ?.packets.map((packet) => packet.bootMs),
    ).toEqual([1000]);
  });

  test('nothing is kept of what came before the first key picture, nor of more than three groups', () => {
    const recent = pictures(video(0), video(1, true), video(2, true), video(3, true), video(4, true));
    expect(recent.at(0)?.packets.map((packet) => packet.bootMs)).toEqual([2]);
    expect(recent.currentGroup()).toHaveLength(1);
  });

  test('of a camera that sends no further key picture only the one it sent is kept, not an hour of video', () => {
    const recent = pictures(video(0, true));
    for (let bootMs = 1; bootMs <= 7_000; bootMs += 1) recent.packet(video(bootMs));
    expect(recent.currentGroup()).toEqual([]);
    expect(recent.at(6_900)?.packets.map((packet) => packet.bootMs)).toEqual([0]);
    recent.packet(video(8_000, true));
    expect(recent.currentGroup()).toHaveLength(1);
  });

  test('is empty when the stream ended', () => {
    const recent = pictures(video(0, true));
    recent.end();
    expect(recent.at(0)).toBeNull();
  });
});
