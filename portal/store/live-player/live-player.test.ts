import { describe, expect, test } from 'vitest';
import { testClock } from '../test-clock.ts';
import type { SocketEvents } from './live-link.ts';
import { createLivePlayer } from './live-player.ts';

const playerOf = ({ canPlay = true, hasMedia = true } = {}) => {
  const { clock, pass } = testClock();
  const sockets: { on: SocketEvents; isClosed: boolean }[] = [];
  const feeds: { mime: string; segments: number; isClosed: boolean; fail: () => void }[] = [];
  const player = createLivePlayer({
    clock,
    random: () => 1,
    openSocket: (on) => {
      const socket = { on, isClosed: false };
      sockets.push(socket);
      return {
        close: () => {
          socket.isClosed = true;
        },
      };
    },
    media: hasMedia
      ? {
          canPlay: () => canPlay,
          open: (mime, fail) => {
            const feed = { mime, segments: 0, isClosed: false, fail };
            feeds.push(feed);
            return {
              append: () => {
                feed.segments += 1;
              },
              picture: () => ({ buffered: [{ start: 0, end: 10 }], currentTime: 9.6, playbackRate: 1 }),
              close: () => {
                feed.isClosed = true;
              },
            };
          },
        }
      : null,
  });
  const say = (message: object) => sockets.at(-1)?.on.message(JSON.stringify(message));
  const sendSegment = () => sockets.at(-1)?.on.message(new ArrayBuffer(8));
  const init = { type: 'init', mime: 'video/mp4; codecs="avc1.4D401F"', width: 1920, height: 1080 };
  return { player, pass, sockets, feeds, say, sendSegment, init };
};

describe('a live picture', () => {
  test('plays what comes after the init message', () => {
    const { player, say, sendSegment, init, feeds } = playerOf();
    player.start();
    expect(player.state.value.phase).toBe('connecting');
    say(init);
    sendSegment();
    sendSegment();
    expect(player.state.value).toMatchObject({ phase: 'playing', size: { width: 1920, height: 1080 } });
    expect(feeds.map((feed) => feed.segments)).toEqual([2]);
  });

  test('knows its age, which grows while nothing comes', () => {
    const { player, say, sendSegment, init, pass } = playerOf();
    player.start();
    expect(player.pictureAgeMs()).toBeNull();
    say(init);
    sendSegment();
    say({ type: 'status', state: 'online', lastFrameAgeMs: 40 });
    expect(player.pictureAgeMs()).toBeCloseTo(400, 0);
    pass(5000);
    expect(player.pictureAgeMs()).toBeCloseTo(5400, 0);
  });

  test('comes back with growing pauses when the device goes away, and at once less after a picture', () => {
    const { player, sockets, say, sendSegment, init, pass } = playerOf();
    player.start();
    for (const pauseMs of [500, 1000, 2000]) {
      const before = sockets.length;
      sockets.at(-1)?.on.closed();
      pass(pauseMs - 1);
      expect(sockets).toHaveLength(before);
      pass(1);
      expect(sockets).toHaveLength(before + 1);
    }
    say(init);
    sendSegment();
    const before = sockets.length;
    sockets.at(-1)?.on.closed();
    pass(500);
    expect(sockets).toHaveLength(before + 1);
  });

  test('ends its pause when the device is known to be back', () => {
    const { player, sockets, pass } = playerOf();
    player.hurry();
    expect(sockets).toHaveLength(0);
    player.start();
    for (const pauseMs of [500, 1000]) {
      sockets.at(-1)?.on.closed();
      pass(pauseMs);
    }
    sockets.at(-1)?.on.closed();
    const before = sockets.length;
    player.hurry();
    expect(sockets).toHaveLength(before + 1);
    player.hurry();
    expect(sockets).toHaveLength(before + 1);
  });

  test('takes a silent connection for dead', () => {
    const { player, sockets, pass, say } = playerOf();
    player.start();
    pass(7000);
    say({ type: 'status', state: 'online', lastFrameAgeMs: 40 });
    pass(7000);
    expect(sockets).toHaveLength(1);
    pass(1500);
    expect(sockets[0]?.isClosed).toBe(true);
    expect(sockets).toHaveLength(2);
  });

  test('a late word of an old connection changes nothing', () => {
    const { player, sockets, pass, feeds, init } = playerOf();
    player.start();
    sockets[0]?.on.closed();
    pass(500);
    sockets[0]?.on.message(JSON.stringify(init));
    sockets[0]?.on.closed();
    pass(100);
    expect(feeds).toHaveLength(0);
    expect(sockets).toHaveLength(2);
  });

  test('begins anew when the browser gives up on the video', () => {
    const { player, sockets, feeds, say, init, pass } = playerOf();
    player.start();
    say(init);
    feeds[0]?.fail();
    pass(500);
    expect(feeds[0]?.isClosed).toBe(true);
    expect(sockets).toHaveLength(2);
  });

  test('stops everything when nobody looks', () => {
    const { player, sockets, feeds, say, init, pass } = playerOf();
    player.start();
    say(init);
    player.stop();
    expect(sockets[0]?.isClosed).toBe(true);
    expect(feeds[0]?.isClosed).toBe(true);
    pass(60_000);
    expect(sockets).toHaveLength(1);
    player.start();
    expect(sockets).toHaveLength(2);
  });

  test('falls back to still pictures and says why', () => {
    const unplayable = playerOf({ canPlay: false });
    unplayable.player.start();
    unplayable.say({ ...unplayable.init, mime: 'video/mp4; codecs="hvc1.1.6.L93.B0"' });
    unplayable.sendSegment();
    expect(unplayable.player.state.value).toMatchObject({ phase: 'still', stillBecause: { reason: 'codec', what: 'H.265' } });

    const old = playerOf({ hasMedia: false });
    old.player.start();
    old.say(old.init);
    expect(old.player.state.value.stillBecause).toEqual({ reason: 'no-mse' });

    const told = playerOf();
    told.player.start();
    told.say({ type: 'unsupported', message: 'MJPEG cannot be shown live.' });
    expect(told.player.state.value.stillBecause).toEqual({ reason: 'device', message: 'MJPEG cannot be shown live.' });
  });

  test('ignores what it does not understand', () => {
    const { player, sockets, say } = playerOf();
    player.start();
    sockets[0]?.on.message('not json');
    say({ type: 'from-the-future' });
    expect(player.state.value.phase).toBe('connecting');
  });
});
