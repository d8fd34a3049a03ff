import { afterEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import type { AddressRecord, GroupState } from './avahi.ts';
import type { LocalAddress } from './local-addresses.ts';
import { LocalName, type NameService } from './local-name.ts';

/** A daemon on a network where some names are taken already. */
class Network {
  host = 'pi.local';
  taken = new Set<string>();
  records: readonly AddressRecord[] = [];
  publications = 0;
  isLost = false;
  connections = 0;
  tell: (state: GroupState) => void = () => {};

  connect(): NameService {
    if (this.isLost) throw new Error('avahi-daemon does not answer');
    this.connections += 1;
    const alive = async () => {
      if (this.isLost) throw new Error('avahi was stopped or restarted');
    };
    return {
      hostName: async () => this.host,
      check: alive,
      close: () => {
        this.records = [];
      },
      publish: async (records, onState) => {
        this.records = records;
        this.publications += 1;
        this.tell = onState;
        onState(records.some((record) => this.taken.has(record.name)) ? 'collision' : 'established');
        return async () => {
          this.records = [];
        };
      },
    };
  }
}

describe('the local name', () => {
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  afterEach(async () => {
    stop.abort();
    await running;
  });

  function start(network: Network, addresses: LocalAddress[] = [{ interfaceIndex: 2, address: '10.0.0.5' }]) {
    const clock = new SimulatedClock();
    stop = new AbortController();
    const state = { addresses };
    const name = new LocalName({
      clock,
      logger: silentLogger,
      hostName: 'kerberos',
      connect: async () => network.connect(),
      addresses: async () => state.addresses,
    });
    running = name.run(stop.signal);
    return { clock, name, state };
  }

  test('is the one wanted when it is free, on each interface with its own address', async () => {
    const network = new Network();
    const addresses = [
      { interfaceIndex: 2, address: '10.0.0.5' },
      { interfaceIndex: 3, address: '172.17.0.1' },
    ];
    const { clock, name } = start(network, addresses);
    await clock.advance(0);
    expect(name.name).toBe('kerberos.local');
    expect(network.records).toEqual(addresses.map((address) => ({ ...address, name: 'kerberos.local' })));
    expect(name.check().level).toBe('ok');
  });

  test('is the next free one when others have it', async () => {
    const network = new Network();
    network.taken = new Set(['kerberos.local', 'kerberos-2.local']);
    const { clock, name } = start(network);
    await clock.advance(1000);
    expect(name.name).toBe('kerberos-3.local');
  });

  test('changes when another device claims it later', async () => {
    const network = new Network();
    const { clock, name } = start(network);
    await clock.advance(3000);
    network.tell('collision');
    await clock.advance(3000);
    expect(name.name).toBe('kerberos-2.local');
  });

  test('is left to the machine when it is the machine’s own, until that changes', async () => {
    const network = new Network();
    network.host = 'Kerberos.local';
    const { clock, name } = start(network);
    await clock.advance(5000);
    expect(name.name).toBe('kerberos.local');
    expect(network.publications).toBe(0);
    network.host = 'pi.local';
    await clock.advance(5000);
    expect(network.publications).toBe(1);
    expect(name.name).toBe('kerberos.local');
  });

  test('is published anew when the addresses change, and not otherwise', async () => {
    const network = new Network();
    const { clock, state } = start(network);
    await clock.advance(60_000);
    expect(network.publications).toBe(1);
    state.addresses = [{ interfaceIndex: 2, address: '10.0.0.6' }];
    await clock.advance(3000);
    expect(network.records.map((record) => record.address)).toEqual(['10.0.0.6']);
    expect(network.publications).toBe(2);
  });

  test('is gone with the daemon, told as a note, and back with it', async () => {
    const network = new Network();
    const { clock, name } = start(network);
    await clock.advance(1000);
    network.isLost = true;
    await clock.advance(10_000);
    expect(name.name).toBeNull();
    expect(name.check()).toMatchObject({ level: 'note', message: expect.stringContaining('does not answer') });
    network.isLost = false;
    await clock.advance(6000);
    expect(name.name).toBe('kerberos.local');
  });

  test('waits for a network, and is withdrawn at the end', async () => {
    const network = new Network();
    const { clock, name, state } = start(network, []);
    await clock.advance(6000);
    expect(name.check().message).toContain('no network address');
    state.addresses = [{ interfaceIndex: 2, address: '10.0.0.5' }];
    await clock.advance(6000);
    expect(network.records).toHaveLength(1);
    stop.abort();
    await running;
    expect(network.records).toHaveLength(0);
    expect(name.name).toBeNull();
  });
});
