import { isIPv4 } from 'node:net';
import { limits, type Peer } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { isLocalAddress } from '#device/kernel/remote-address.ts';

/** A house has a few; whoever announces more wants something else. */
const peersMax = 32;
const retryMs = 5000;
const lookEveryMs = 2000;
/** How soon a device whose plug was pulled is no longer shown, at most; the daemon itself believes it for up to 75 minutes. */
const verifyEveryMs = 60_000;

/** What a service tells when it is asked; every word of it is a stranger's. */
export interface ToldService {
  name: string;
  /** IPv4. */
  address: string;
  port: number;
  txt: Readonly<Record<string, string>>;
}

export interface PeerListener {
  /** Once for each interface that it is heard on, and again whenever it comes back. */
  up(name: string): void;
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
  /** Asks one service for the rest; rejects when it does not answer. */
  ask(name: string): Promise<ToldService>;
}

/** Names of `_kerberos._tcp` by the `mdns` package. It would ask each for the rest at once, with a thread of its own, however many there are. */
export async function browsePeers(listener: PeerListener): Promise<() => void> {
  const { default: mdns } = await import('mdns');
  const browser = mdns.createBrowser(mdns.tcp('kerberos'), { resolverSequence: [] });
  browser.on('serviceUp', ({ name }) => {
    if (name) listener.up(name);
  });
  browser.on('serviceDown', ({ name }) => {
    if (name) listener.down(name);
  });
  browser.on('error', (error: Error) => listener.lost(error));
  browser.start();
  return () => browser.stop();
}

/** Other devices of this kind in the house. Never fails: without a daemon there are none. */
export class Peers {
  readonly #options: PeersOptions;
  /** Names, each with when it is to be asked next. */
  readonly #heard = new Map<string, number>();
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
    const { browse, clock } = this.#options;
    const lost = new AbortController();
    const stop = await browse({
      up: (name) => {
        if (this.#heard.has(name) || this.#heard.size < peersMax) this.#heard.set(name, clock.boot());
      },
      down: (name) => {
        this.#heard.delete(name);
        this.#found.delete(name);
      },
      lost: (error) => lost.abort(error),
    });
    const ending = AbortSignal.any([signal, lost.signal]);
    try {
      for (;;) {
        await this.#askThoseDue(ending);
        await clock.sleep(lookEveryMs, ending);
      }
    } finally {
      stop();
    }
  }

  /** One after the other: whoever shouts under many names, or comes and goes, keeps nothing but this busy. */
  async #askThoseDue(ending: AbortSignal): Promise<void> {
    const { clock, ask, deviceId } = this.#options;
    for (const [name, atBootMs] of [...this.#heard]) {
      if (atBootMs > clock.boot() || !this.#heard.has(name)) continue;
      this.#heard.set(name, clock.boot() + verifyEveryMs);
      const told = await ask(name).catch(() => null);
      ending.throwIfAborted();
      const peer = told && peerOf(told, deviceId);
      if (peer && this.#heard.has(name)) this.#found.set(name, peer);
      else this.#found.delete(name);
    }
  }
}

/** null for what is no device that can be linked to. */
export function peerOf({ name, address, port, txt }: ToldService, deviceId: string): Peer | null {
  const shown = name.replaceAll(/\p{C}/gu, '').trim().slice(0, limits.nameLength);
  if (shown === '' || !isHomeAddress(address) || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const version = txt['version'];
  return {
    name: shown,
    url: `http://${address}${port === 80 ? '' : `:${port}`}`,
    version: version !== undefined && /^[\w.+-]{1,32}$/.test(version) ? version : null,
    own: txt['id'] === deviceId,
  };
}

/** Nobody in the house can make the portal link to a host outside of it, or to this machine itself. */
function isHomeAddress(address: string): boolean {
  return isIPv4(address) && isLocalAddress(address) && !address.startsWith('127.');
}
