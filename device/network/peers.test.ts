import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { type PeerListener, Peers, peerOf, type ToldService } from './peers.ts';

const barn: ToldService = { name: 'Barn', address: '192.168.1.21', port: 80, txt: { id: 'barn1234', version: '1.2.3' } };
const porch: ToldService = { name: 'Porch', address: '192.168.1.22', port: 8080, txt: { id: 'mine5678' } };

describe('other devices in the house', () => {
  function stage() {
    const clock = new SimulatedClock();
    const answers = new Map([barn, porch].map((service) => [service.name, service]));
    const browsers: PeerListener[] = [];
    const state = { stopped: 0, asked: 0, open: 0, mostOpen: 0 };
    const peers = new Peers({
      clock,
      logger: silentLogger,
      deviceId: 'mine5678',
      browse: async (listener) => {
        browsers.push(listener);
        return () => {
          state.stopped += 1;
        };
      },
      ask: async (name) => {
        state.asked += 1;
        state.open += 1;
        state.mostOpen = Math.max(state.mostOpen, state.open);
        await clock.sleep(10);
        state.open -= 1;
        const told = answers.get(name) ?? (name.startsWith('Liar') ? { ...barn, name } : undefined);
        if (!told) throw new Error('nobody answers');
        return told;
      },
    });
    const stop = new AbortController();
    const running = peers.run(stop.signal);
    return { clock, answers, browsers, peers, stop, running, state };
  }

  test('are listed with a link, the own one marked and first', async () => {
    const { clock, browsers, peers } = stage();
    await clock.advance(0);
    for (const name of ['Barn', 'Porch']) browsers[0]?.up(name);
    await clock.advance(3000);
    expect(peers.list()).toEqual([
      { name: 'Porch', url: 'http://192.168.1.22:8080', version: null, own: true },
      { name: 'Barn', url: 'http://192.168.1.21', version: '1.2.3', own: false },
    ]);
  });

  test('go when they say so, and when their name leads nowhere any more', async () => {
    const { clock, answers, browsers, peers } = stage();
    await clock.advance(0);
    for (const name of ['Barn', 'Porch']) browsers[0]?.up(name);
    await clock.advance(3000);
    browsers[0]?.down('Porch');
    expect(peers.list().map(({ name }) => name)).toEqual(['Barn']);
    answers.clear();
    await clock.advance(62_000);
    expect(peers.list()).toEqual([]);
    answers.set('Barn', { ...barn, address: '192.168.1.99' });
    await clock.advance(62_000);
    expect(peers.list()).toMatchObject([{ url: 'http://192.168.1.99' }]);
  });

  test('are looked for anew when the daemon was restarted', async () => {
    const { clock, browsers, peers, state } = stage();
    await clock.advance(0);
    browsers[0]?.up('Barn');
    await clock.advance(3000);
    browsers[0]?.lost(new Error('dns service error'));
    await clock.advance(0);
    expect(peers.list()).toEqual([]);
    await clock.advance(5000);
    browsers[1]?.up('Barn');
    await clock.advance(3000);
    expect(peers.list()).toHaveLength(1);
    expect(state.stopped).toBe(1);
  });

  test('are bounded, whoever shouts under however many names', async () => {
    const { clock, browsers, peers, stop, running, state } = stage();
    await clock.advance(0);
    for (let number = 0; number < 1000; number += 1) browsers[0]?.up(`Liar ${number}`);
    await clock.advance(3000);
    expect(peers.list()).toHaveLength(32);
    expect(state).toMatchObject({ asked: 32, mostOpen: 1 });
    stop.abort();
    await running;
  });

  test('one that comes and goes all the time is asked no more than every other second', async () => {
    const { clock, browsers, state } = stage();
    await clock.advance(0);
    for (let flaps = 0; flaps < 1000; flaps += 1) {
      browsers[0]?.up('Barn');
      browsers[0]?.down('Barn');
      browsers[0]?.up('Barn');
      await clock.advance(10);
    }
    expect(state.asked).toBeLessThanOrEqual(5);
    expect(state.mostOpen).toBe(1);
  });

  test.each([
    ['an address outside of the house', { address: '93.184.216.34' }],
    ['an address of this machine', { address: '127.0.0.1' }],
    ['no address', { address: 'kerberos.example' }],
    ['a port that is none', { port: 0 }],
    ['a name of control characters', { name: '\u0007\u202e ' }],
  ])('%s is no device', (_what, said) => {
    expect(peerOf({ ...barn, ...said }, 'mine5678')).toBeNull();
  });

  test('what they say of themselves is cut to what a line of text may hold', () => {
    const long = { ...barn, name: `\u202e${'x'.repeat(500)}`, txt: { version: '<script>', id: 'other' } };
    expect(peerOf(long, 'mine5678')).toEqual({
      name: 'x'.repeat(64),
      url: 'http://192.168.1.21',
      version: null,
      own: false,
    });
  });
});
