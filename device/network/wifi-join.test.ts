import { beforeEach, describe, expect, test } from 'vitest';
import type { NetworkLink } from '#device/contract/contract.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import type { ActivationState } from './network-daemon.ts';
import { Joining } from './wifi-join.ts';

const connected: NetworkLink = {
  interface: 'wlan0',
  kind: 'wifi',
  state: 'connected',
  ssid: 'Barn',
  strengthPercent: 60,
  addresses: ['192.168.7.20'],
  gateway: '192.168.7.1',
};
const barn = { ssid: 'Barn', passphrase: 'bales of hay', hidden: false };

describe('joining another network', () => {
  let clock: SimulatedClock;
  let world: {
    activation: ActivationState;
    link: NetworkLink | null;
    answers: boolean;
    undoAfterMs: number;
    ends: string[];
    refuses: boolean;
  };
  let joining: Joining;
  let stop: AbortController;

  beforeEach(() => {
    clock = new SimulatedClock();
    stop = new AbortController();
    world = {
      activation: { state: 'activating' },
      link: { ...connected, state: 'connecting' },
      answers: true,
      undoAfterMs: 0,
      ends: [],
      refuses: false,
    };
    joining = new Joining({
      clock,
      logger: silentLogger,
      attempt: async (_wish, { undoAfterMs }) => {
        if (world.refuses) throw new Error('refused');
        world.undoAfterMs = undoAfterMs;
        return {
          state: async () => world.activation,
          link: async () => world.link,
          keep: async () => void world.ends.push(`kept at ${clock.boot()}`),
          undo: async () => void world.ends.push(`undone at ${clock.boot()}`),
        };
      },
      gatewayAnswers: async () => {
        await clock.sleep(3000);
        return world.answers;
      },
    });
  });

  const join = () => joining.join(barn, { known: false }, stop.signal);

  test('keeps it once it is active, has an address, and its router answers', async () => {
    const outcome = join();
    await clock.advance(5000);
    expect(joining.newest).toMatchObject({ ssid: 'Barn', phase: 'joining' });
    expect(world.ends).toEqual([]);
    world.activation = { state: 'activated' };
    world.link = connected;
    await clock.advance(4000);
    expect(await outcome).toMatchObject({ phase: 'joined', message: null });
    expect(world.ends).toEqual(['kept at 8500']);
  });

  test('a network without a way out needs no router', async () => {
    world.activation = { state: 'activated' };
    world.link = { ...connected, gateway: null };
    expect(await join()).toMatchObject({ phase: 'joined' });
  });

  test('goes back within a minute when the router never answers, before the daemon would by itself', async () => {
    world.activation = { state: 'activated' };
    world.link = connected;
    world.answers = false;
    const outcome = join();
    await clock.advance(60_000);
    expect(await outcome).toMatchObject({ phase: 'failed', message: 'Its router does not answer.' });
    expect(world.ends).toHaveLength(1);
    expect(Number(world.ends[0]?.replace('undone at ', ''))).toBeLessThan(world.undoAfterMs);
  });

  test('goes back when it gives no address', async () => {
    const outcome = join();
    await clock.advance(44_000);
    expect(world.ends).toEqual([]);
    await clock.advance(2000);
    expect(await outcome).toMatchObject({ phase: 'failed', message: 'It gave no address within 45 s.' });
    expect(world.ends).toEqual(['undone at 45000']);
  });

  test.each([
    [7, 'It did not take the passphrase.'],
    [8, 'It did not take the passphrase.'],
    [53, 'It is not in reach.'],
    [17, 'It gave no address.'],
    [0, 'It could not be joined.'],
  ])('goes back at once when it fails with reason %i', async (reason, message) => {
    world.activation = { state: 'failed', reason };
    expect(await join()).toMatchObject({ phase: 'failed', message });
    expect(world.ends).toEqual(['undone at 0']);
  });

  test('one at a time', async () => {
    const first = join();
    await expect(join()).rejects.toMatchObject({ kind: 'conflict' });
    world.activation = { state: 'failed', reason: 7 };
    await clock.advance(1000);
    await first;
    world.activation = { state: 'activated' };
    world.link = { ...connected, gateway: null };
    expect(await join()).toMatchObject({ phase: 'joined' });
  });

  test('what the daemon refuses has failed, and says nothing of the passphrase', async () => {
    world.refuses = true;
    const outcome = await join();
    expect(outcome).toMatchObject({ phase: 'failed' });
    expect(JSON.stringify(outcome)).not.toContain('hay');
    expect(joining.isBusy).toBe(false);
  });

  test('a stop leaves it to the daemon to go back', async () => {
    const outcome = join();
    await clock.advance(1000);
    stop.abort(new Error('stopped'));
    await outcome;
    expect(world.ends).toEqual([]);
  });
});
