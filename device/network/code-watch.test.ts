import { beforeEach, describe, expect, test } from 'vitest';
import type { JoinNetwork } from '#device/contract/contract.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import type { LumaPicture } from '#device/media/packet.ts';
import { filmedCode } from '#device/testing/filmed-code.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { CodeWatch } from './code-watch.ts';

const shot = { width: 480, height: 360, moduleSize: 5, degrees: 4, blur: 0, noise: 5, white: 200, black: 60 };
const pictureOf = (text: string): LumaPicture => ({ ...shot, luma: filmedCode(text, shot), bootMs: 0 });

describe('the watch for codes', () => {
  let clock: SimulatedClock;
  let world: { isNeeded: boolean; picture: LumaPicture | null; looks: number; fails: boolean };
  let joined: JoinNetwork[];
  let told: string[];
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(() => {
    clock = new SimulatedClock();
    world = { isNeeded: true, picture: null, looks: 0, fails: false };
    joined = [];
    told = [];
    stop = new AbortController();
    const watch = new CodeWatch({
      clock,
      logger: silentLogger,
      isNeeded: () => world.isNeeded,
      picture: async () => {
        world.looks += 1;
        if (world.fails) throw new Error('the camera is gone');
        return world.picture;
      },
      join: async (network) => void joined.push(network),
      onCode: (words) => told.push(words),
    });
    running = watch.run(stop.signal);
  });

  test('makes no picture while there is a network', async () => {
    world.isNeeded = false;
    await clock.advance(600_000);
    expect(world.looks).toBe(0);
  });

  test('joins what is held before the lens, once, however long it is held', async () => {
    await clock.advance(9000);
    expect(world.looks).toBe(3);
    world.picture = pictureOf('WIFI:T:WPA;S:Home;P:seven dwarfs;;');
    await clock.advance(60_000);
    expect(joined).toEqual([{ ssid: 'Home', passphrase: 'seven dwarfs' }]);
    expect(told).toEqual(['The code of the Wi-Fi “Home” was held before a camera.']);
    await clock.advance(120_000);
    expect(joined).toHaveLength(2);
  });

  test('says why a code cannot be used, and cares for no other codes', async () => {
    world.picture = pictureOf('WIFI:T:WEP;S:Old;P:12345;;');
    await clock.advance(9000);
    world.picture = pictureOf('https://example.org');
    await clock.advance(9000);
    expect(joined).toEqual([]);
    expect(told).toEqual(['A Wi-Fi code was held before a camera, but the network uses WEP, which protects nobody.']);
  });

  test('a camera that fails does not end it', async () => {
    world.fails = true;
    await clock.advance(9000);
    world.fails = false;
    world.picture = pictureOf('WIFI:T:nopass;S:Guests;;');
    await clock.advance(3000);
    expect(joined).toEqual([{ ssid: 'Guests' }]);
    stop.abort();
    await running;
  });
});
