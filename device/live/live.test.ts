import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LiveMessage, liveMessageSchema } from '#device/contract/contract.ts';
import { Failure } from '#device/kernel/failure.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { ascii, box, walkBoxes } from '#device/media/mp4/box.ts';
import type { StreamFormat, TimedPacket, VideoCodec } from '#device/media/packet.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { createLiveRoom, type LiveRoom } from './live-room.ts';
import type { LiveStream } from './live-stream.ts';
import type { PicturesPort, Viewer } from './ports.ts';

const frameMs = 50;
const framesPerGroup = 40;

function formatOf(codec: VideoCodec = 'h264', width = 1280): StreamFormat {
  const video = { codec, codecString: 'avc1.64001f', width, height: 720, timescale: 1000, sampleEntry: box('avc1', new Uint8Array(78)) };
  return { video, audio: null };
}

/** A browser whose connection takes what it is allowed to. */
class Browser implements Viewer {
  messages: LiveMessage[] = [];
  binaries: Uint8Array[] = [];
  /** In the order they came: the type of a text, or `binary`. */
  order: string[] = [];
  unsentBytes = 0;
  largestUnsentBytes = 0;
  isClosed = false;
  takes: boolean;

  constructor(takes = true) {
    this.takes = takes;
  }

  send(message: string | Uint8Array): void {
    if (typeof message === 'string') {
      const parsed = liveMessageSchema.parse(JSON.parse(message));
      this.messages.push(parsed);
      this.order.push(parsed.type);
    } else {
      this.binaries.push(message);
      this.order.push('binary');
    }
    if (!this.takes) this.unsentBytes += message.length;
    this.largestUnsentBytes = Math.max(this.largestUnsentBytes, this.unsentBytes);
  }

  bufferedBytes(): number {
    return this.unsentBytes;
  }

  close(): void {
    this.isClosed = true;
  }

  of<T extends LiveMessage['type']>(type: T) {
    return this.messages.filter((message) => message.type === type);
  }

  /** Fragments alone, without init segments. */
  get segments(): Uint8Array[] {
    return this.binaries.filter((bytes) => typesOf(bytes)[0] === 'moof');
  }
}

const typesOf = (bytes: Uint8Array) => [...walkBoxes(bytes)].map((found) => found.type);
const holds = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text);

class Decoder implements PicturesPort {
  jpegCalls: { packets: readonly TimedPacket[]; done: (jpeg: Uint8Array) => void }[] = [];
  running = 0;
  started = 0;

  jpeg(_format: StreamFormat, packets: readonly TimedPacket[], _options: object, signal: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.jpegCalls.push({ packets, done: resolve });
    });
  }

  async *jpegs(_format: StreamFormat, packets: AsyncIterable<TimedPacket>): AsyncGenerator<Uint8Array> {
    this.running += 1;
    this.started += 1;
    try {
      for await (const packet of packets) yield packet.data;
    } finally {
      this.running -= 1;
    }
  }
}

describe('the live room', () => {
  let clock = new SimulatedClock();
  let decoder = new Decoder();
  let room: LiveRoom = createLiveRoom({ clock, logger: silentLogger, pictures: decoder });
  let camera: LiveStream = room.stream('front');
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let frame = 0;

  beforeEach(() => {
    clock = new SimulatedClock();
    decoder = new Decoder();
    room = createLiveRoom({ clock, logger: silentLogger, pictures: decoder });
    camera = room.stream('front');
    stop = new AbortController();
    running = room.run(stop.signal);
    frame = 0;
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  /** Lets frames come in real time; every {@link framesPerGroup}th is a key picture, named by its number. */
  async function play(frames: number, sizeBytes = 100): Promise<void> {
    for (let count = 0; count < frames; count += 1) {
      const data = new Uint8Array(sizeBytes);
      data.set(ascii(`<${frame}>`));
      const key = frame % framesPerGroup === 0;
      camera.packet({ track: 'video', dts: frame * frameMs, compositionOffset: 0, duration: frameMs, key, data, bootMs: clock.boot() });
      frame += 1;
      await clock.advance(frameMs);
    }
  }
  const turn = () => clock.advance(0);

  test('a late joiner gets the init segment and the group from its key picture on, at once', async () => {
    camera.begin(formatOf());
    await play(framesPerGroup + 10);
    const browser = new Browser();
    room.watch('front', browser);
    expect(browser.order).toEqual(['status', 'init', 'binary', 'binary']);
    expect(browser.of('init')).toEqual([{ type: 'init', mime: 'video/mp4; codecs="avc1.64001f"', width: 1280, height: 720 }]);
    expect(browser.binaries.map(typesOf)).toEqual([
      ['ftyp', 'moov'],
      ['moof', 'mdat'],
    ]);
    const [group] = browser.segments;
    expect(group && holds(group, '<40>') && holds(group, '<49>')).toBe(true);
    expect(group && holds(group, '<39>')).toBe(false);
  });

  test('every frame reaches the viewer once, in order and within a tenth of a second', async () => {
    camera.begin(formatOf());
    const browser = new Browser();
    room.watch('front', browser);
    await play(100);
    const text = Buffer.concat(browser.segments).toString('latin1');
    const frames = [...text.matchAll(/<(\d+)>/g)].map((match) => Number(match[1]));
    expect(frames).toEqual(Array.from({ length: frames.length }, (_, index) => index));
    expect(frames.length).toBeGreaterThanOrEqual(98);
    expect(browser.segments.length).toBeGreaterThanOrEqual(50);
  });

  test('all viewers of a camera share the same bytes, the late one included', async () => {
    camera.begin(formatOf());
    const [first, second] = [new Browser(), new Browser()];
    room.watch('front', first);
    await play(20);
    room.watch('front', second);
    await play(20);
    expect(second.binaries).toHaveLength(first.binaries.length);
    second.binaries.forEach((bytes, index) => {
      expect(bytes).toBe(first.binaries[index]);
    });
  });

  test('with nobody looking nothing is muxed and nothing decoded', async () => {
    camera.begin(formatOf());
    let reads = 0;
    const data = new Uint8Array(100);
    const watched = () => ({
      track: 'video' as const,
      dts: 0,
      compositionOffset: 0,
      duration: frameMs,
      key: false,
      bootMs: 0,
      get data() {
        reads += 1;
        return data;
      },
    });
    await play(1);
    for (let count = 0; count < 50; count += 1) camera.packet(watched());
    // Its size is read to bound the group, twice a packet; a muxer would read more.
    expect(reads).toBeLessThanOrEqual(100);
    expect(decoder.jpegCalls).toHaveLength(0);
    expect(decoder.started).toBe(0);
  });

  test('a slow viewer loses pictures, not memory, and goes on at a key picture', async () => {
    camera.begin(formatOf());
    const browser = new Browser(false);
    const healthy = new Browser();
    room.watch('front', browser);
    room.watch('front', healthy);
    await play(200, 50_000);
    expect(browser.largestUnsentBytes).toBeLessThan(2_300_000);
    browser.takes = true;
    browser.unsentBytes = 0;
    const before = browser.binaries.length;
    await play(framesPerGroup * 2);
    expect(browser.of('skipped')).toHaveLength(1);
    const resumed = browser.binaries[before];
    expect(resumed && holds(resumed, '<200>')).toBe(true);
    expect(browser.order[browser.order.indexOf('skipped') + 1]).toBe('binary');
    expect(healthy.of('skipped')).toHaveLength(0);
  });

  test('a viewer that takes nothing for long is dropped', async () => {
    camera.begin(formatOf());
    const browser = new Browser(false);
    room.watch('front', browser);
    await play(framesPerGroup * 3, 50_000);
    expect(browser.isClosed).toBe(false);
    await clock.advance(25_000);
    expect(browser.isClosed).toBe(true);
    expect(room.viewers('front')).toBe(0);
  });

  test('two hundred stalled viewers hold the bytes of one', async () => {
    camera.begin(formatOf());
    const browsers = Array.from({ length: 200 }, () => new Browser(false));
    for (const browser of browsers) room.watch('front', browser);
    await play(300, 20_000);
    const distinct = new Set(browsers.flatMap((browser) => browser.binaries));
    const heldBytes = [...distinct].reduce((sum, bytes) => sum + bytes.length, 0);
    expect(heldBytes).toBeLessThan(2_500_000);
    expect(Math.max(...browsers.map((browser) => browser.largestUnsentBytes))).toBeLessThan(2_500_000);
  });

  test('a viewer whose socket throws does not keep the picture from the others', async () => {
    camera.begin(formatOf());
    const broken = new Browser();
    broken.send = () => {
      throw new Error('socket is gone');
    };
    const browser = new Browser();
    room.watch('front', broken);
    room.watch('front', browser);
    await play(10);
    expect(room.viewers('front')).toBe(1);
    expect(browser.segments.length).toBeGreaterThan(3);
  });

  test('a camera that changes its format gives its viewers a new init segment before new pictures', async () => {
    camera.begin(formatOf());
    const browser = new Browser();
    room.watch('front', browser);
    await play(10);
    camera.end();
    await play(5);
    const before = browser.order.length;
    camera.begin(formatOf('h264', 640));
    frame = 0;
    await play(10);
    expect(browser.order.slice(before, before + 3)).toEqual(['init', 'binary', 'binary']);
    expect(browser.of('init').at(-1)).toMatchObject({ width: 640 });
  });

  test('the age of the newest frame is told every second and with every change of state', async () => {
    camera.begin(formatOf());
    camera.state('online');
    const browser = new Browser();
    room.watch('front', browser);
    await play(20);
    await clock.advance(4000);
    camera.state('offline');
    expect(browser.of('status').at(-1)).toEqual({ type: 'status', state: 'offline', lastFrameAgeMs: 4050 });
    expect(browser.of('status')).toHaveLength(7);
  });

  test('what the detector sees is told', () => {
    const browser = new Browser();
    room.watch('front', browser);
    camera.observation({ score: 0.5, threshold: 0.4, moving: true, boxes: [] });
    expect(browser.of('motion')).toEqual([{ type: 'motion', score: 0.5, threshold: 0.4, moving: true, boxes: [] }]);
  });

  test('a codec no browser plays is said in words', async () => {
    camera.begin(formatOf('mjpeg'));
    const browser = new Browser();
    room.watch('front', browser);
    await play(10);
    expect(browser.of('unsupported')).toHaveLength(1);
    expect(browser.binaries).toHaveLength(0);
  });

  test('who leaves gets nothing more; a removed camera sends its viewers away', async () => {
    camera.begin(formatOf());
    const [gone, stays] = [new Browser(), new Browser()];
    const leave = room.watch('front', gone);
    room.watch('front', stays);
    leave();
    const before = gone.order.length;
    await play(10);
    expect(gone.order).toHaveLength(before);
    room.remove('front');
    expect(stays.isClosed).toBe(true);
    expect(() => room.watch('front', stays)).toThrow(Failure);
  });

  describe('a snapshot', () => {
    test('is the key picture, decoded once for all who ask and told with its age', async () => {
      camera.begin(formatOf());
      await play(10);
      const signal = new AbortController().signal;
      const asked = [room.snapshot('front', signal), room.snapshot('front', signal)];
      await turn();
      expect(decoder.jpegCalls).toHaveLength(1);
      expect(decoder.jpegCalls[0]?.packets).toHaveLength(1);
      decoder.jpegCalls[0]?.done(ascii('jpeg'));
      expect((await Promise.all(asked)).map((picture) => picture.ageMs)).toEqual([500, 500]);
      await play(5);
      expect((await room.snapshot('front', signal)).ageMs).toBe(750);
      expect(decoder.jpegCalls).toHaveLength(1);
    });

    test('decodes the group so far when the key picture is old', async () => {
      camera.begin(formatOf());
      await play(1);
      // No frame with these numbers is a key picture.
      for (let part = 0; part < 3; part += 1) {
        frame = 1;
        await play(38);
      }
      room.snapshot('front', new AbortController().signal).catch(() => {});
      await turn();
      expect(decoder.jpegCalls[0]?.packets).toHaveLength(1 + 3 * 38);
    });

    test('of a camera that went offline is the last picture, getting older', async () => {
      camera.begin(formatOf());
      await play(1);
      camera.end();
      await clock.advance(10_000);
      const asked = room.snapshot('front', new AbortController().signal);
      await turn();
      decoder.jpegCalls[0]?.done(ascii('jpeg'));
      expect((await asked).ageMs).toBe(10_050);
      camera.begin(formatOf());
      expect((await room.snapshot('front', new AbortController().signal)).ageMs).toBe(10_050);
    });

    test('of a camera that never delivered is a failure that says so', async () => {
      await expect(room.snapshot('front', new AbortController().signal)).rejects.toMatchObject({ kind: 'camera-offline' });
      await expect(room.snapshot('nowhere', new AbortController().signal)).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('is given up when all who asked have left, and after ten seconds', async () => {
      camera.begin(formatOf());
      await play(1);
      const asker = new AbortController();
      const asked = room.snapshot('front', asker.signal);
      await turn();
      asker.abort();
      await expect(asked).rejects.toThrow();
      const patient = room.snapshot('front', new AbortController().signal);
      const outcome = expect(patient).rejects.toMatchObject({ kind: 'timeout' });
      await clock.advance(10_000);
      await outcome;
      expect(decoder.jpegCalls).toHaveLength(2);
    });

    test('of an MJPEG camera is its newest frame as it is', async () => {
      camera.begin(formatOf('mjpeg'));
      await play(3);
      const picture = await room.snapshot('front', new AbortController().signal);
      expect(holds(picture.jpeg, '<2>')).toBe(true);
      expect(picture.ageMs).toBe(frameMs);
    });
  });

  describe('a stream of JPEGs', () => {
    const collect = (signal: AbortSignal, pause?: () => Promise<void>) => {
      const pictures: { text: string; ageMs: number }[] = [];
      const done = (async () => {
        for await (const { jpeg, ageMs } of room.mjpeg('front', signal)) {
          pictures.push({ text: Buffer.from(jpeg).toString('latin1').replace(/\0/g, ''), ageMs });
          await pause?.();
        }
      })();
      return { pictures, done };
    };

    test('needs one decoder however many watch, begun at a key picture and stopped some seconds after the last', async () => {
      camera.begin(formatOf());
      await play(10);
      const leave = new AbortController();
      const watchers = [collect(leave.signal), collect(leave.signal), collect(leave.signal)];
      await play(20);
      expect(decoder.started).toBe(1);
      for (const { pictures } of watchers) expect(pictures.at(-1)?.text).toBe('<29>');
      leave.abort();
      await Promise.all(watchers.map(({ done }) => done));
      await clock.advance(4000);
      expect(decoder.running).toBe(1);
      await clock.advance(1000);
      expect(decoder.running).toBe(0);
    });

    test('gives a slow viewer the newest picture next, not all it missed', async () => {
      camera.begin(formatOf());
      const leave = new AbortController();
      const { pictures, done } = collect(leave.signal, () => clock.sleep(500));
      await play(41);
      const texts = pictures.map(({ text }) => text);
      expect(texts.length).toBeLessThanOrEqual(5);
      expect(Number(texts.at(-1)?.slice(1, -1))).toBeGreaterThanOrEqual(30);
      leave.abort();
      await clock.advance(1000);
      await done;
    });

    test('of an MJPEG camera needs no decoder, and goes on over a reconnect', async () => {
      camera.begin(formatOf('mjpeg'));
      const leave = new AbortController();
      const { pictures, done } = collect(leave.signal);
      await play(20);
      camera.end();
      camera.begin(formatOf('mjpeg'));
      await play(20);
      expect(decoder.started).toBe(0);
      expect(pictures.length).toBeGreaterThanOrEqual(9);
      expect(pictures.length).toBeLessThanOrEqual(11);
      leave.abort();
      await done;
    });

    test('begins anew when its decoder breaks', async () => {
      const broken = decoder.jpegs.bind(decoder);
      let failures = 1;
      decoder.jpegs = (format, packets) => {
        if (failures-- > 0) throw new Error('decoder died');
        return broken(format, packets);
      };
      camera.begin(formatOf());
      const leave = new AbortController();
      const { pictures, done } = collect(leave.signal);
      await play(framesPerGroup * 2 + 5);
      expect(pictures.length).toBeGreaterThan(0);
      leave.abort();
      await done;
    });
  });
});
