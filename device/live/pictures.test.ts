import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ascii } from '#device/media/mp4/box.ts';
import { formatOf, frameMs, framesPerGroup, holds, LiveStage } from '#device/testing/live-stage.ts';

describe('pictures of a camera', () => {
  let stage = new LiveStage();
  beforeEach(() => {
    stage = new LiveStage();
  });
  afterEach(async () => {
    await stage.end();
  });

  describe('a snapshot', () => {
    test('is the key picture, decoded once for all who ask and told with its age', async () => {
      stage.camera.begin(formatOf());
      await stage.play(10);
      const signal = new AbortController().signal;
      const asked = [stage.room.snapshot('front', signal), stage.room.snapshot('front', signal)];
      await stage.clock.advance(0);
      expect(stage.decoder.jpegCalls).toHaveLength(1);
      expect(stage.decoder.jpegCalls[0]?.packets).toHaveLength(1);
      stage.decoder.jpegCalls[0]?.done(ascii('jpeg'));
      expect((await Promise.all(asked)).map((picture) => picture.ageMs)).toEqual([500, 500]);
      await stage.play(5);
      expect((await stage.room.snapshot('front', signal)).ageMs).toBe(750);
      expect(stage.decoder.jpegCalls).toHaveLength(1);
    });

    test('decodes the group so far when the key picture is old', async () => {
      stage.camera.begin(formatOf());
      await stage.play(1);
      // No frame with these numbers is a key picture.
      for (let part = 0; part < 3; part += 1) {
        stage.frame = 1;
        await stage.play(38);
      }
      stage.room.snapshot('front', new AbortController().signal).catch(() => {});
      await stage.clock.advance(0);
      expect(stage.decoder.jpegCalls[0]?.packets).toHaveLength(1 + 3 * 38);
    });

    test('of a camera that went offline is the last picture, getting older', async () => {
      stage.camera.begin(formatOf());
      await stage.play(1);
      stage.camera.end();
      await stage.clock.advance(10_000);
      const asked = stage.room.snapshot('front', new AbortController().signal);
      await stage.clock.advance(0);
      stage.decoder.jpegCalls[0]?.done(ascii('jpeg'));
      expect((await asked).ageMs).toBe(10_050);
      stage.camera.begin(formatOf());
      expect((await stage.room.snapshot('front', new AbortController().signal)).ageMs).toBe(10_050);
    });

    test('of a camera that never delivered is a failure that says so', async () => {
      await expect(stage.room.snapshot('front', new AbortController().signal)).rejects.toMatchObject({ kind: 'camera-offline' });
      await expect(stage.room.snapshot('nowhere', new AbortController().signal)).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('is given up when all who asked have left, and after ten seconds', async () => {
      stage.camera.begin(formatOf());
      await stage.play(1);
      const asker = new AbortController();
      const asked = stage.room.snapshot('front', asker.signal);
      await stage.clock.advance(0);
      asker.abort();
      await expect(asked).rejects.toThrow();
      const patient = stage.room.snapshot('front', new AbortController().signal);
      const outcome = expect(patient).rejects.toMatchObject({ kind: 'timeout' });
      await stage.clock.advance(10_000);
      await outcome;
      expect(stage.decoder.jpegCalls).toHaveLength(2);
    });

    test('of an MJPEG camera is its newest frame as it is', async () => {
      stage.camera.begin(formatOf('mjpeg'));
      await stage.play(3);
      const picture = await stage.room.snapshot('front', new AbortController().signal);
      expect(holds(picture.jpeg, '<2>')).toBe(true);
      expect(picture.ageMs).toBe(frameMs);
    });
  });

  describe('a stream of JPEGs', () => {
    const collect = (signal: AbortSignal, pause?: () => Promise<void>) => {
      const pictures: { text: string; ageMs: number }[] = [];
      const done = (async () => {
        for await (const { jpeg, ageMs } of stage.room.mjpeg('front', signal)) {
          pictures.push({ text: Buffer.from(jpeg).toString('latin1').replace(/\0/g, ''), ageMs });
          await pause?.();
        }
      })();
      return { pictures, done };
    };

    test('needs one decoder however many watch, begun at a key picture and stopped some seconds after the last', async () => {
      stage.camera.begin(formatOf());
      await stage.play(10);
      const leave = new AbortController();
      const watchers = [collect(leave.signal), collect(leave.signal), collect(leave.signal)];
      await stage.play(20);
      expect(stage.decoder.started).toBe(1);
      for (const { pictures } of watchers) expect(pictures.at(-1)?.text).toBe('<29>');
      leave.abort();
      await Promise.all(watchers.map(({ done }) => done));
      await stage.clock.advance(4000);
      expect(stage.decoder.running).toBe(1);
      await stage.clock.advance(1000);
      expect(stage.decoder.running).toBe(0);
    });

    test('gives a slow viewer the newest picture next, not all it missed', async () => {
      stage.camera.begin(formatOf());
      const leave = new AbortController();
      const { pictures, done } = collect(leave.signal, () => stage.clock.sleep(500));
      await stage.play(41);
      const texts = pictures.map(({ text }) => text);
      expect(texts.length).toBeLessThanOrEqual(5);
      expect(Number(texts.at(-1)?.slice(1, -1))).toBeGreaterThanOrEqual(30);
      leave.abort();
      await stage.clock.advance(1000);
      await done;
    });

    test('of an MJPEG camera needs no decoder, and goes on over a reconnect', async () => {
      stage.camera.begin(formatOf('mjpeg'));
      const leave = new AbortController();
      const { pictures, done } = collect(leave.signal);
      await stage.play(20);
      stage.camera.end();
      stage.camera.begin(formatOf('mjpeg'));
      await stage.play(20);
      expect(stage.decoder.started).toBe(0);
      expect(pictures.length).toBeGreaterThanOrEqual(9);
      expect(pictures.length).toBeLessThanOrEqual(11);
      leave.abort();
      await done;
    });

    test('begins anew when its decoder breaks', async () => {
      const broken = stage.decoder.jpegs.bind(stage.decoder);
      let failures = 1;
      stage.decoder.jpegs = (format, packets) => {
        if (failures-- > 0) throw new Error('decoder died');
        return broken(format, packets);
      };
      stage.camera.begin(formatOf());
      const leave = new AbortController();
      const { pictures, done } = collect(leave.signal);
      await stage.play(framesPerGroup * 2 + 5);
      expect(pictures.length).toBeGreaterThan(0);
      leave.abort();
      await done;
    });
  });
});
