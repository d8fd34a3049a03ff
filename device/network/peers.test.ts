import { describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { type HeardService, type PeerListener, Peers, peerOf } from './peers.ts';

const barn: HeardService = { name: 'Barn', host: 'ab12.local.', port: 80, txt: { id: 'barn1234', version: '1.2.3' } };

describe('other devices in the house', () => {
  function stage() {
    const clock = new SimulatedClock();
    const addresses = new Map([['ab12.local.', '192.168.1.21']]);
    const browsers: PeerListener[] = [];
    const state = { stopped: 0 };
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
      addressOf: async (host) => {
        const address = addresses.get(host);
        if (address === undefined) throw new Error('nobody answers');
        return address;
      },
    });
    const stop = new AbortController();
    const running = peers.run(stop.signal);
    return { clock, addresses, browsers, peers, stop, running, state };
  }

  test('are listed with a link, the own one marked and first', async () => {
    const { clock, browsers, peers } = stage();
    await clock.advance(0);
    browsers[0]?.up(barn);
    browsers[0]?.up({ ...barn, name: 'Porch', port: 8080, txt: { id: 'mine5678' } });
    await clock.advance(0);
    expect(peers.list()).toEqual([
      { name: 'Porch', url: 'http://192.168.1.21:8080', version: null, own: true },
      { name: 'Barn', url: 'http://192.168.1.21', version: '1.2.3', own: false },
    ]);
  });

  test('go when they say so, and when their name leads nowhere any more', async () => {
    const { clock, addresses, browsers, peers } = stage();
    await clock.advance(0);
    browsers[0]?.up(barn);
    browsers[0]?.up({ ...barn, name: 'Porch' });
    await clock.advance(0);
    browsers[0]?.down('Porch');
    expect(peers.list().map(({ name }) => name)).toEqual(['Barn']);
    addresses.clear();
    await clock.advance(60_000);
    expect(peers.list()).toEqual([]);
    addresses.set('ab12.local.', '192.168.1.99');
    await clock.advance(60_000);
    expect(peers.list()).toMatchObject([{ url: 'http://192.168.1.99' }]);
  });

  test('are looked for anew when the daemon was restarted', async () => {
    const { clock, browsers, peers, state } = stage();
    await clock.advance(0);
    browsers[0]?.up(barn);
    await clock.advance(0);
    browsers[0]?.lost(new Error('dns service error'));
    await clock.advance(0);
    expect(peers.list()).toEqual([]);
    await clock.advance(5000);
    browsers[1]?.up(barn);
    await clock.advance(0);
    expect(peers.list()).toHaveLength(1);
    expect(state.stopped).toBe(1);
  });

  test('are bounded, whoever shouts', async () => {
    const { clock, browsers, peers, stop, running } = stage();
    await clock.advance(0);
    for (let number = 0; number < 1000; number += 1) browsers[0]?.up({ ...barn, name: `Liar ${number}` });
    await clock.advance(0);
    expect(peers.list()).toHaveLength(32);
    stop.abort();
    await running;
  });

  test.each([
    ['an address outside of the house', barn, '93.184.216.34'],
    ['an address of this machine', barn, '127.0.0.1'],
    ['no address', barn, 'kerberos.example'],
    ['a port that is none', { ...barn, port: 0 }, '192.168.1.21'],
    ['a name of control characters', { ...barn, name: '\u0007\u202e ' }, '192.168.1.21'],
  ])('%s is no device', (_what, service, address) => {
    expect(peerOf(service, address, 'mine5678')).toBeNull();
  });

  test('what they say of themselves is cut to what a line of text may hold', () => {
    const long = { ...barn, name: `\u202e${'x'.repeat(500)}`, txt: { version: '<script>', id: ['mine5678'] } };
    expect(peerOf(long, '192.168.1.21', 'mine5678')).toEqual({
      name: 'x'.repeat(64),
      url: 'http://192.168.1.21',
      version: null,
      own: false,
    });
  });
});
