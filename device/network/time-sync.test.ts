import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { type TimeFacts, TimeSync } from './time-sync.ts';

describe('who keeps the clock', () => {
  let clock: SimulatedClock;
  let world: { facts: TimeFacts | null; takesServers: boolean; named: string[][]; wanted: string[] };
  let sync: TimeSync;
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(async () => {
    clock = new SimulatedClock();
    world = { facts: { isSynchronized: false, isAsking: true, server: null, named: null }, takesServers: true, named: [], wanted: [] };
    stop = new AbortController();
    sync = new TimeSync({
      clock,
      logger: silentLogger,
      servers: () => world.wanted,
      source: {
        look: async () => {
          if (!world.facts) throw new Error('nobody tells');
          return world.facts;
        },
        setServers: async (servers) => {
          if (!world.takesServers) throw new Error('no such service');
          world.named.push([...servers]);
        },
      },
    });
    running = sync.run(stop.signal);
    await clock.advance(0);
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  test('is waited for, and then complained about with what to do', async () => {
    await clock.advance(300_000);
    expect(sync.check()).toMatchObject({ level: 'ok', message: 'Waiting for a time server.' });
    await clock.advance(300_000);
    expect(sync.check()).toMatchObject({ level: 'warning', message: 'No time server has answered for 10 minutes.' });
    expect(sync.check().action).toContain('UDP port 123');
    world.facts = { isSynchronized: true, isAsking: true, server: 'time.example.org', named: null };
    await clock.advance(10_000);
    expect(sync.check()).toMatchObject({ level: 'ok', message: 'The clock follows time.example.org.' });
    expect(sync.isSynchronized).toBe(true);
  });

  test('a server that is lost is missed only after ten minutes', async () => {
    world.facts = { isSynchronized: true, isAsking: true, server: null, named: null };
    await clock.advance(3_600_000);
    world.facts = { isSynchronized: false, isAsking: true, server: null, named: null };
    await clock.advance(20_000);
    expect(sync.check().level).toBe('ok');
    await clock.advance(600_000);
    expect(sync.check().level).toBe('warning');
  });

  test('a service that is switched off, and a machine that tells nothing, are no alarm', async () => {
    world.facts = { isSynchronized: false, isAsking: false, server: null, named: null };
    await clock.advance(3_600_000);
    expect(sync.check()).toMatchObject({ level: 'note', action: expect.stringContaining('set-ntp') });
    world.facts = null;
    await clock.advance(10_000);
    expect(sync.check().level).toBe('ok');
    expect(sync.isSynchronized).toBe(false);
  });

  test('own servers are named once whenever they change, and taken back', async () => {
    expect(world.named).toEqual([]);
    world.wanted = ['192.168.1.1'];
    await clock.advance(60_000);
    world.wanted = [];
    await clock.advance(60_000);
    expect(world.named).toEqual([['192.168.1.1'], []]);
  });

  test('own servers that the machine does not take are told with the place where they belong', async () => {
    world.takesServers = false;
    world.wanted = ['192.168.1.1'];
    await clock.advance(10_000);
    expect(sync.check()).toMatchObject({ level: 'warning', action: expect.stringContaining('config.json') });
    world.wanted = [];
    await clock.advance(10_000);
    expect(sync.check().level).toBe('ok');
  });

  test('own servers are named again until they are taken, less and less often', async () => {
    world.takesServers = false;
    world.wanted = ['192.168.1.1'];
    await clock.advance(40_000);
    expect(sync.check().level).toBe('warning');
    world.takesServers = true;
    await clock.advance(60_000);
    expect(world.named).toEqual([['192.168.1.1']]);
    expect(sync.check().level).toBe('ok');
    await clock.advance(3_600_000);
    expect(world.named).toHaveLength(1);
  });

  test('own servers are named again to a service that began anew', async () => {
    world.wanted = ['192.168.1.1'];
    await clock.advance(20_000);
    world.facts = { isSynchronized: true, isAsking: true, server: 'pool.example.org', named: ['192.168.1.1'] };
    await clock.advance(600_000);
    expect(world.named).toHaveLength(1);
    world.facts = { ...world.facts, named: [] };
    await clock.advance(20_000);
    expect(world.named).toEqual([['192.168.1.1'], ['192.168.1.1']]);
  });
});
