import { BlockList, isIPv4 } from 'node:net';
import { limits, type Peer } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';

/** A house has a few; whoever announces more wants something else. */
const peersMax = 32;
const retryMs = 5000;
/** How soon a device whose plug was pulled is no longer shown, at most; the daemon itself believes it for up to 75 minutes. */
const verifyEveryMs = 60_000;

/** What was heard of a service; every word of it is a stranger's. */
export interface HeardService {
  name: string;
  host: string;
  port: number;
  txt: Readonly<Record<string, unknown>>;
}

export interface PeerListener {
  up(service: HeardService): void;
  down(name: string): void;
  /** The daemon dropped it. */
  lost(error: Error): void;
}

export interface PeersOptions {
  clock: Clock;
  logger: Logger;
  /** Of this device, as it announces it. */
  deviceId: string;
  /** Throws or rejects when no daemon is there; answers the way to stop. */
  browse(listener: PeerListener): Promise<() => void>;
  /** IPv4 address of a host of the local network; rejects when nobody answers. */
  addressOf(host: string): Promise<string>;
}

/** `_kerberos._tcp` by the `mdns` package. Its own way to addresses ends the process on current Node, so it is not asked for any. */
export async function browsePeers(listener: PeerListener): Promise<() => void> {
  const { default: mdns } = await import('mdns');
  const browser = mdns.createBrowser(mdns.tcp('kerberos'), { resolverSequence: [mdns.rst.DNSServiceResolve()] });
  browser.on('serviceUp', ({ name, host, port, txtRecord }) => {
    if (name) listener.up({ name, host, port, txt: typeof txtRecord === 'object' && txtRecord !== null ? txtRecord : {} });
  });
  browser.on('serviceDown', ({ name }) => {
    if (name) listener.down(name);
  });
  browser.on('error', (error: Error, service?: unknown) => {
    // One service that could not be looked at is no reason to begin anew.
    if (service === undefined) listener.lost(error);
  });
  browser.start();
  return () => browser.stop();
}

/** Other devices of this kind in the house. Never fails: without a daemon there are none. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #heard = new Map<string, HeardService>();
  readonly #found = new Map<string, Peer>();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** By name, the own one first. */
  list(): Peer[] {
    return [...this.#found.values()].sort((one, other) => Number(other.own) - Number(one.own) || one.name.localeCompare(other.name));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#browse(signal);
      } catch (error) {
        if (!signal.aborted) logger.debug({ err: error }, 'other devices are not looked for');
      }
      this.#heard.clear();
      this.#found.clear();
      if (!signal.aborted) await clock.sleep(retryMs, signal).catch(() => {});
    }
  }

  async #browse(signal: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const stop = await this.#options.browse({
      up: (service) => this.#up(service),
      down: (name) => {
        this.#heard.delete(name);
        this.#found.delete(name);
      },
      lost: (error) => lost.abort(error),
    });
    const ending = AbortSignal.any([signal, lost.signal]);
    try {
      for (;;) {
        await this.#options.clock.sleep(verifyEveryMs, ending);
        for (const service of [...this.#heard.values()]) await this.#verify(service);
      }
    } finally {
      stop();
    }
  }

  #up(service: HeardService): void {
    if (!this.#heard.has(service.name) && this.#heard.size >= peersMax) return;
    this.#heard.set(service.name, service);
    void this.#verify(service);
  }

  /** Shown only while its name leads to an address of the local network. */
  async #verify(service: HeardService): Promise<void> {
    const address = await this.#options.addressOf(service.host).catch(() => null);
    if (this.#heard.get(service.name) !== service) return;
    const peer = address === null ? null : peerOf(service, address, this.#options.deviceId);
    if (peer) this.#found.set(service.name, peer);
    else this.#found.delete(service.name);
  }
}

/** null for what is no device that can be linked to. */
export function peerOf({ name, port, txt }: HeardService, address: string, deviceId: string): Peer | null {
  const shown = name.replaceAll(/\p{C}/gu, '').trim().slice(0, limits.nameLength);
  if (shown === '' || !isHomeAddress(address) || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const version = txt['version'];
  return {
    name: shown,
    url: `http://${address}${port === 80 ? '' : `:${port}`}`,
    version: typeof version === 'string' && /^[\w.+-]{1,32}$/.test(version) ? version : null,
    own: txt['id'] === deviceId,
  };
}

const home = new BlockList();
home.addSubnet('10.0.0.0', 8);
home.addSubnet('172.16.0.0', 12);
home.addSubnet('192.168.0.0', 16);
home.addSubnet('169.254.0.0', 16);

/** Nobody in the house can make the portal link to a host outside of it. */
function isHomeAddress(address: string): boolean {
  return isIPv4(address) && home.check(address);
}
