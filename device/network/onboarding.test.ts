import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NetworkLink } from '#device/contract/contract.ts';
import { silentLogger } from '#device/kernel/logger.ts';
import { SimulatedClock } from '#device/testing/simulated-clock.ts';
import { Onboarding } from './onboarding.ts';

const plan = { ssid: 'Kerberos-ab12', passphrase: 'abcd-efgh-jkmn', address: '10.42.0.1' };
const minute = 60_000;

/** A device with one Wi-Fi and one Ethernet socket, and what is around it. */
class World {
  wifi: NetworkLink['state'] = 'connected';
  ethernet: NetworkLink['state'] = 'unavailable';
  knownNetworks = ['Home'];
  inReach: string[] = [];
  works = true;
  /** What the Wi-Fi is once its own was asked for. */
  opensAs: NetworkLink['state'] = 'setup';
  answersInTime = true;
  isThere = true;
  log: string[] = [];

  links = async (): Promise<NetworkLink[]> => {
    if (!this.isThere) throw new Error('NetworkManager does not answer');
    const rest = { ssid: null, strengthPercent: null, addresses: [], gateway: null };
    return [
      { interface: 'wlan0', kind: 'wifi', state: this.wifi, ...rest },
      { interface: 'eth0', kind: 'ethernet', state: this.ethernet, ...rest },
    ];
  };
  known = async () => this.knownNetworks;
  heard = async () => this.inReach.map((ssid) => ({ ssid, strengthPercent: 50, security: 'wpa' as const }));
  requestScan = async () => {};
  activateKnown = async (ssid: string) => {
    this.log.push(`joins ${ssid}`);
    this.wifi = this.works ? 'connected' : 'connecting';
    return true;
  };
  openAccessPoint = async () => {
    this.log.push('opens');
    this.wifi = this.opensAs;
    if (!this.answersInTime) throw new Error('NetworkManager does not answer');
  };
  closeAccessPoint = async () => {
    this.log.push('closes');
    if (this.wifi === 'setup') this.wifi = 'disconnected';
  };
}

describe('a device without a network', () => {
  let clock: SimulatedClock;
  let world: World;
  let onboarding: Onboarding;
  let isJoining: boolean;
  let told: string[];
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(async () => {
    clock = new SimulatedClock();
    world = new World();
    isJoining = false;
    told = [];
    stop = new AbortController();
    onboarding = new Onboarding({
      clock,
      logger: silentLogger,
      daemon: world,
      plan,
      isJoining: () => isJoining,
      onOpened: ({ ssid }) => told.push(`opened ${ssid}`),
      onClosed: () => told.push('closed'),
    });
    running = onboarding.run(stop.signal);
    await clock.advance(10_000);
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  const lose = async () => {
    world.wifi = 'disconnected';
    await clock.advance(minute + 4000);
  };

  test('waits a minute, then opens its own', async () => {
    world.wifi = 'disconnected';
    await clock.advance(58_000);
    expect(world.log).toEqual([]);
    expect(onboarding.isNeeded).toBe(false);
    expect(onboarding.open).toBeNull();
    await clock.advance(6000);
    expect(world.log).toEqual(['opens']);
    expect(onboarding.isNeeded).toBe(true);
    expect(onboarding.open).toEqual(plan);
    expect(told).toEqual(['opened Kerberos-ab12']);
  });

  test('is told of when it is on the air, and opened again when it never is', async () => {
    world.opensAs = 'connecting';
    await lose();
    expect(told).toEqual([]);
    await clock.advance(80_000);
    expect(world.log).toEqual(['opens']);
    await clock.advance(20_000);
    expect(world.log).toEqual(['opens', 'opens']);
    world.wifi = 'setup';
    await clock.advance(2000);
    expect(told).toEqual(['opened Kerberos-ab12']);
  });

  test('is told of also when the daemon was asked and answered too late', async () => {
    world.answersInTime = false;
    await lose();
    expect(told).toEqual(['opened Kerberos-ab12']);
    world.ethernet = 'connected';
    await clock.advance(4000);
    expect(world.log).toEqual(['opens', 'closes']);
  });

  test('is taken back when a network comes before it is on the air', async () => {
    world.opensAs = 'connecting';
    await lose();
    world.ethernet = 'connected';
    await clock.advance(4000);
    expect(world.log).toEqual(['opens', 'closes']);
    expect(told).toEqual([]);
  });

  test('a router that restarts within the minute changes nothing', async () => {
    world.wifi = 'disconnected';
    await clock.advance(50_000);
    world.wifi = 'connected';
    await clock.advance(5000);
    world.wifi = 'disconnected';
    await clock.advance(50_000);
    expect(world.log).toEqual([]);
  });

  test('with a network cable there is nothing to do, without Wi-Fi nothing can be done', async () => {
    world.ethernet = 'connected';
    await lose();
    expect(world.log).toEqual([]);
    world.ethernet = 'unavailable';
    world.wifi = 'unavailable';
    await clock.advance(10 * minute);
    expect(world.log).toEqual([]);
  });

  test('goes back to a known network by itself once it is there again', async () => {
    await lose();
    world.inReach = ['Neighbour', 'Home'];
    await clock.advance(3 * minute + 12_000);
    expect(world.log.slice(0, 3)).toEqual(['opens', 'closes', 'joins Home']);
    await clock.advance(5000);
    expect(onboarding.isNeeded).toBe(false);
    expect(told).toEqual(['opened Kerberos-ab12', 'closed']);
  });

  test('opens again at once when no known network is in reach, and tells it only once', async () => {
    await lose();
    world.inReach = ['Neighbour'];
    await clock.advance(3 * minute + 12_000);
    expect(world.log).toEqual(['opens', 'closes', 'opens']);
    expect(told).toEqual(['opened Kerberos-ab12']);
    await clock.advance(4 * minute);
    expect(world.log).toEqual(['opens', 'closes', 'opens', 'closes', 'opens']);
  });

  test('opens again when a known network is there but does not work', async () => {
    await lose();
    world.inReach = ['Home'];
    world.works = false;
    await clock.advance(3 * minute + 60_000);
    expect(world.log).toEqual(['opens', 'closes', 'joins Home', 'opens']);
  });

  test('whoever uses its page is not thrown out', async () => {
    await lose();
    for (let visits = 0; visits < 6; visits += 1) {
      onboarding.visited();
      await clock.advance(minute);
    }
    expect(world.log).toEqual(['opens']);
    await clock.advance(3 * minute);
    expect(world.log.slice(0, 2)).toEqual(['opens', 'closes']);
  });

  test('stays open when it never had another network', async () => {
    world.knownNetworks = [];
    await lose();
    await clock.advance(60 * minute);
    expect(world.log).toEqual(['opens']);
  });

  test('a cable that is plugged in closes it', async () => {
    await lose();
    world.ethernet = 'connected';
    await clock.advance(4000);
    expect(world.log.slice(0, 2)).toEqual(['opens', 'closes']);
    expect(onboarding.open).toBeNull();
    expect(told.at(-1)).toBe('closed');
  });

  test('keeps its hands off while a network is being joined, and is done when that worked', async () => {
    await lose();
    isJoining = true;
    world.wifi = 'connecting';
    await clock.advance(10 * minute);
    expect(world.log).toEqual(['opens']);
    isJoining = false;
    world.wifi = 'connected';
    await clock.advance(4000);
    expect(onboarding.isNeeded).toBe(false);
    expect(told.at(-1)).toBe('closed');
  });

  test('opens again when the daemon lost it, and waits for a daemon that is gone', async () => {
    await lose();
    world.isThere = false;
    world.wifi = 'disconnected';
    await clock.advance(10 * minute);
    expect(world.log).toEqual(['opens']);
    world.isThere = true;
    world.knownNetworks = [];
    await clock.advance(4000);
    expect(world.log).toEqual(['opens', 'opens']);
  });

  test('leaves no access point behind when it stops', async () => {
    await lose();
    stop.abort();
    await running;
    expect(world.log).toEqual(['opens', 'closes']);
  });
});
