import { describe, expect, it } from 'vitest';
import { RestartAtOnce } from '#device/kernel/supervise.ts';
import type { StreamFormat, TimedPacket } from '#device/media/packet.ts';
import { PiIntake } from './pi-intake.ts';
import type { SensorFacts } from './pi-metadata.ts';

const small = '674d4016eca05017fcb80880000003008000000a078b16cb';
const large = '6764001facd9405005bb011000000300100000030140f1831960';
const startCode = '00000001';
const pps = '68ebe3cb20';
const keySlice = '6588842111';
const slice = '419a246c11';
const hd = (...units: string[]) => new Uint8Array(Buffer.from(units.map((unit) => startCode + unit).join(''), 'hex'));

/** A camera of ten pictures a second; each arrives 80 ms after the sensor saw it. */
function camera({ isTold = true } = {}) {
  const clock = { nowMs: 1_000_000, boot: () => clock.nowMs };
  const formats: StreamFormat[] = [];
  const packets: TimedPacket[] = [];
  const facts: SensorFacts[] = [];
  const intake = new PiIntake({
    clock,
    framesPerSecond: 10,
    isTold,
    sink: { format: (format) => void formats.push(format), packet: (packet) => void packets.push(packet) },
    facts: (told) => void facts.push(told),
  });
  const see = (sensorMs: number, { key = false, sps = small, told = true } = {}) => {
    clock.nowMs = sensorMs + 80;
    intake.pushVideo(key ? hd(sps, pps, keySlice) : hd(slice));
    if (told) intake.pushMetadata(`{\n    "SensorTimestamp": ${sensorMs * 1e6},\n    "AnalogueGain": 2.0\n}`);
  };
  return { clock, formats, packets, facts, intake, see };
}

describe('The pictures of a Pi camera', () => {
  it('have the times at which the sensor saw them, also where one is missing', () => {
    const { see, formats, packets, facts } = camera();
    see(1_000_000, { key: true });
    for (const sensorMs of [1_000_100, 1_000_200, 1_000_400, 1_000_500]) see(sensorMs);
    expect(formats).toHaveLength(1);
    expect(packets.map(({ dts }) => dts / 90)).toEqual([0, 100, 200, 400]);
    expect(packets.map(({ key }) => key)).toEqual([true, false, false, false]);
    const sinceFirst = packets.map(({ bootMs }) => bootMs - (packets[0]?.bootMs ?? 0));
    expect(sinceFirst.map(Math.round)).toEqual([0, 100, 200, 400]);
    expect(facts[0]).toMatchObject({ gain: 2 });
  });

  it('are counted where the sensor tells nothing', () => {
    const { see, packets } = camera({ isTold: false });
    see(1_000_000, { key: true, told: false });
    for (const sensorMs of [1_000_100, 1_000_200, 1_000_300]) see(sensorMs, { told: false });
    expect(packets.map(({ dts }) => dts / 90)).toEqual([0, 100, 200]);
  });

  it('wait for what is told of them', () => {
    const { clock, intake, see, packets } = camera();
    const tell = (sensorMs: number) => intake.pushMetadata(`{\n    "SensorTimestamp": ${sensorMs * 1e6}\n}`);
    see(1_000_000, { key: true, told: false });
    see(1_000_100, { told: false });
    expect(packets).toEqual([]);
    tell(1_000_000);
    tell(1_000_100);
    clock.nowMs = 1_000_330;
    for (const sensorMs of [1_000_250, 1_000_350, 1_000_450]) see(sensorMs);
    expect(packets.map(({ dts }) => dts / 90)).toEqual([0, 100, 250, 350]);
  });

  it('do not wait for ever, and keep to their own times when it comes late', () => {
    const { see, packets, intake } = camera();
    see(1_000_000, { key: true, told: false });
    for (let count = 1; count <= 11; count += 1) see(1_000_000 + count * 100, { told: false });
    expect(packets.map(({ dts }) => dts / 90)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    for (let count = 0; count <= 10; count += 1) intake.pushMetadata(`{\n    "SensorTimestamp": ${(1_000_000 + count * 100) * 1e6}\n}`);
    see(1_001_250);
    expect(packets).toHaveLength(12);
  });

  it('begin with a key picture', () => {
    const { see, packets, formats } = camera();
    see(1_000_000);
    see(1_000_100, { key: true });
    see(1_000_200);
    expect(formats).toHaveLength(1);
    expect(packets).toHaveLength(1);
    expect(packets[0]?.key).toBe(true);
  });

  it('end the session when they change their format', () => {
    const { see } = camera();
    see(1_000_000, { key: true });
    see(1_000_100, { key: true, sps: large });
    expect(() => see(1_000_200)).toThrow(RestartAtOnce);
  });
});
