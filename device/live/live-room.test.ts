import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '#device/kernel/failure.ts';
import { Browser, formatOf, frameMs, framesPerGroup, holds, LiveStage, typesOf } from '#device/testing/live-stage.ts';

describe('the live room', () => {
  let stage = new LiveStage();
  beforeEach(() => {
    stage = new LiveStage();
  });
  afterEach(async () => {
    await stage.end();
  });

  test('a late joiner gets the init segment and the group from its key picture on, at once', async () => {
    stage.camera.begin(formatOf());
    await stage.play(framesPerGroup + 10);
    const browser = new Browser();
    stage.room.watch('front', browser);
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
    stage.camera.begin(formatOf());
    const browser = new Browser();
    stage.room.watch('front', browser);
    await stage.play(100);
    const text = Buffer.concat(browser.segments).toString('latin1');
    const frames = [...text.matchAll(/<(\d+)>/g)].map((match) => Number(match[1]));
    expect(frames).toEqual(Array.from({ length: frames.length }, (_, index) => index));
    expect(frames.length).toBeGreaterThanOrEqual(98);
    expect(browser.segments.length).toBeGreaterThanOrEqual(50);
  });

  test('all viewers of a camera share the same bytes, the late one included', async () => {
    stage.camera.begin(formatOf());
    const [first, second] = [new Browser(), new Browser()];
    stage.room.watch('front', first);
    await stage.play(20);
    stage.room.watch('front', second);
    await stage.play(20);
    expect(second.binaries).toHaveLength(first.binaries.length);
    second.binaries.forEach((bytes, index) => {
      expect(bytes).toBe(first.binaries[index]);
    });
  });

  test('with nobody looking nothing is muxed and nothing decoded', async () => {
    stage.camera.begin(formatOf());
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
    await stage.play(1);
    for (let count = 0; count < 50; count += 1) stage.camera.packet(watched());
    // Its size is read to bound the group, twice a packet; a muxer would read more.
    expect(reads).toBeLessThanOrEqual(100);
    expect(stage.decoder.jpegCalls).toHaveLength(0);
    expect(stage.decoder.started).toBe(0);
  });

  test('a slow viewer loses pictures, not memory, and goes on at a key picture', async () => {
    stage.camera.begin(formatOf());
    const browser = new Browser(false);
    const healthy = new Browser();
    stage.room.watch('front', browser);
    stage.room.watch('front', healthy);
    await stage.play(200, 50_000);
    expect(browser.largestUnsentBytes).toBeLessThan(2_300_000);
    browser.takes = true;
    browser.unsentBytes = 0;
    const before = browser.binaries.length;
    await stage.play(framesPerGroup * 2);
    expect(browser.of('skipped')).toHaveLength(1);
    const resumed = browser.binaries[before];
    expect(resumed && holds(resumed, '<200>')).toBe(true);
    expect(browser.order[browser.order.indexOf('skipped') + 1]).toBe('binary');
    expect(healthy.of('skipped')).toHaveLength(0);
  });

  test('a viewer that takes nothing for long is dropped', async () => {
    stage.camera.begin(formatOf());
    const browser = new Browser(false);
    stage.room.watch('front', browser);
    await stage.play(framesPerGroup * 3, 50_000);
    expect(browser.isClosed).toBe(false);
    await stage.clock.advance(25_000);
    expect(browser.isClosed).toBe(true);
    expect(stage.room.viewers('front')).toBe(0);
  });

  test('two hundred stalled viewers hold the bytes of one', async () => {
    stage.camera.begin(formatOf());
    const browsers = Array.from({ length: 200 }, () => new Browser(false));
    for (const browser of browsers) stage.room.watch('front', browser);
    await stage.play(300, 20_000);
    const distinct = new Set(browsers.flatMap((browser) => browser.binaries));
    const heldBytes = [...distinct].reduce((sum, bytes) => sum + bytes.length, 0);
    expect(heldBytes).toBeLessThan(2_500_000);
    expect(Math.max(...browsers.map((browser) => browser.largestUnsentBytes))).toBeLessThan(2_500_000);
  });

  test('a viewer whose socket throws does not keep the picture from the others', async () => {
    stage.camera.begin(formatOf());
    const broken = new Browser();
    broken.send = () => {
      throw new Error('socket is gone');
    };
    const browser = new Browser();
    stage.room.watch('front', broken);
    stage.room.watch('front', browser);
    await stage.play(10);
    expect(stage.room.viewers('front')).toBe(1);
    expect(browser.segments.length).toBeGreaterThan(3);
  });

  test('a camera that changes its format gives its viewers a new init segment before new pictures', async () => {
    stage.camera.begin(formatOf());
    const browser = new Browser();
    stage.room.watch('front', browser);
    await stage.play(10);
    stage.camera.end();
    await stage.play(5);
    const before = browser.order.length;
    stage.camera.begin(formatOf('h264', 640));
    stage.frame = 0;
    await stage.play(10);
    expect(browser.order.slice(before, before + 3)).toEqual(['init', 'binary', 'binary']);
    expect(browser.of('init').at(-1)).toMatchObject({ width: 640 });
  });

  test('the age of the newest frame is told every second and with every change of state', async () => {
    stage.camera.begin(formatOf());
    stage.camera.state('online');
    const browser = new Browser();
    stage.room.watch('front', browser);
    await stage.play(20);
    await stage.clock.advance(4000);
    stage.camera.state('offline');
    expect(browser.of('status').at(-1)).toEqual({ type: 'status', state: 'offline', lastFrameAgeMs: 4050 });
    expect(browser.of('status')).toHaveLength(7);
  });

  test('what the detector sees is told', () => {
    const browser = new Browser();
    stage.room.watch('front', browser);
    stage.camera.observation({ score: 0.5, threshold: 0.4, moving: true, boxes: [] });
    expect(browser.of('motion')).toEqual([{ type: 'motion', score: 0.5, threshold: 0.4, moving: true, boxes: [] }]);
  });

  test('a codec no browser plays is said in words', async () => {
    stage.camera.begin(formatOf('mjpeg'));
    const browser = new Browser();
    stage.room.watch('front', browser);
    await stage.play(10);
    expect(browser.of('unsupported')).toHaveLength(1);
    expect(browser.binaries).toHaveLength(0);
  });

  test('who leaves gets nothing more; a removed camera sends its viewers away', async () => {
    stage.camera.begin(formatOf());
    const [gone, stays] = [new Browser(), new Browser()];
    const leave = stage.room.watch('front', gone);
    stage.room.watch('front', stays);
    leave();
    const before = gone.order.length;
    await stage.play(10);
    expect(gone.order).toHaveLength(before);
    stage.room.remove('front');
    expect(stays.isClosed).toBe(true);
    expect(() => stage.room.watch('front', stays)).toThrow(Failure);
  });
});
