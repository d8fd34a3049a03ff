import { describe, expect, test } from 'vitest';
import { CollectedCapture } from '#device/testing/collected-capture.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { NotForDirect } from './not-for-direct.ts';
import { RtpIntake } from './rtp-intake.ts';
import { readSessionDescription } from './session-description.ts';

const sps = '67640028acd940780227e5c04400000300040000030f03c60c658'.padEnd(54, '0');
const description = [
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 sprop-parameter-sets=${Buffer.from(sps, 'hex').toString('base64')},${Buffer.from('68ebe3cb22c0', 'hex').toString('base64')}`,
];

/** A camera of 20 pictures a second whose times are said in pictures. */
class Scene {
  readonly clock = new SimulatedClock();
  readonly sink = new CollectedCapture();
  readonly keys: number[] = [];
  readonly #intake: RtpIntake;
  #sequence = 0;

  constructor(lines = description) {
    const { media } = readSessionDescription(lines.join('\n'), 'rtsp://camera/');
    this.#intake = new RtpIntake(this.clock, this.sink, media, (_, arrival) => this.keys.push(arrival.streamMs));
  }

  async picture(at: number, key = false): Promise<void> {
    await this.clock.advance(50);
    const packet = Buffer.alloc(14);
    packet.writeUInt16BE(0x80e0);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE((4500 * at) >>> 0, 4);
    packet.writeUInt16BE(key ? 0x6588 : 0x419a, 12);
    this.#intake.push(0, packet, 0, packet.length);
    this.#sequence += 1;
  }

  async film(...times: number[]): Promise<void> {
    for (const [index, at] of times.entries()) await this.picture(at, index === 0);
  }

  get times(): number[] {
    return this.sink.video.map(({ dts }) => dts / 4500);
  }
}

describe('the packets of a camera', () => {
  test('begin with a key picture and with the parameter sets that were announced', async () => {
    const scene = new Scene();
    await scene.picture(0);
    await scene.film(1, 2, 3, 4);
    expect(scene.sink.formats[0]?.video).toMatchObject({ codec: 'h264', width: 1920, height: 1080, timescale: 90_000 });
    expect(scene.sink.video.map(({ key }) => key)).toEqual([true, false, false, false]);
    expect(scene.keys).toHaveLength(1);
  });

  test('are on the boot clock', async () => {
    const scene = new Scene();
    await scene.film(0, 1, 2, 3);
    const [first, second] = scene.sink.video;
    expect((second?.bootMs ?? 0) - (first?.bootMs ?? 0)).toBeCloseTo(50, 3);
    expect(scene.sink.video.at(-1)?.bootMs).toBeLessThanOrEqual(scene.clock.boot());
  });

  test('go on where they were when the camera begins its stream anew', async () => {
    const scene = new Scene();
    await scene.film(10, 11, 12, 13);
    await scene.film(0, 1, 2);
    expect(scene.times).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('go on where they were when the camera sets its clock forward, with a key picture or without', async () => {
    const scene = new Scene();
    await scene.film(0, 1, 2, 3);
    await scene.film(30_000, 30_001, 30_002);
    await scene.picture(90_000);
    await scene.picture(90_001);
    expect(scene.times).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(scene.sink.video.map(({ duration }) => duration / 4500).slice(2)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect((scene.sink.video.at(-1)?.bootMs ?? 0) - (scene.sink.video[0]?.bootMs ?? 0)).toBeCloseTo(400, 0);
  });

  test('leave a gap where the camera was silent', async () => {
    const scene = new Scene();
    await scene.film(0, 1, 2, 3);
    await scene.clock.advance(4500);
    await scene.film(94, 95);
    expect(scene.times).toEqual([0, 1, 2, 3, 94, 95]);
  });

  test('that are shown in another order are for another session, before anything was delivered', async () => {
    const scene = new Scene();
    await scene.picture(0, true);
    await scene.picture(3);
    await expect(scene.picture(1)).rejects.toThrow(NotForDirect);
    expect(scene.sink.formats).toEqual([]);
  });

  test('without any parameter sets are too', async () => {
    await expect(new Scene(description.slice(0, 2)).picture(0, true)).rejects.toThrow(NotForDirect);
  });

  test('of another kind are too', () => {
    expect(() => new Scene(['m=video 0 RTP/AVP 26'])).toThrow(NotForDirect);
    expect(() => new Scene(['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/1'])).toThrow(NotForDirect);
  });

  test('whose sound is announced and never comes begin without it', async () => {
    const audio = ['m=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/16000/1'];
    const scene = new Scene([
      ...description,
      ...audio,
      'a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3',
    ]);
    await scene.film(...Array.from({ length: 20 }, (_, index) => index));
    expect(scene.sink.formats).toEqual([]);
    await scene.film(...Array.from({ length: 20 }, (_, index) => 20 + index));
    expect(scene.sink.formats[0]).toMatchObject({ audio: null });
    expect(scene.sink.video).toHaveLength(40);
    expect(scene.sink.notes).toEqual(['The camera announces sound but sends none.']);
  });

  test('numbered for another order are for another session', () => {
    expect(() => new Scene(['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', 'a=fmtp:96 sprop-max-don-diff=2'])).toThrow(NotForDirect);
  });
});
