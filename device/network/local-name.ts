import type { HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { AddressRecord, GroupState } from './avahi.ts';
import type { LocalAddress } from './local-addresses.ts';

const checkMs = 2000;
const retryMs = 5000;
/** More hosts of one name than this on a network is a fault of the network. */
const namesMax = 20;

/** The part of avahi this needs; see avahi.ts. */
export interface NameService {
  hostName(): Promise<string>;
  publish(records: readonly AddressRecord[], onState: (state: GroupState) => void): Promise<() => Promise<void>>;
  check(): Promise<void>;
  close(): void;
}

export interface LocalNameOptions {
  clock: Clock;
  logger: Logger;
  /** The name wanted, without `.local`. */
  hostName: string;
  connect(): Promise<NameService>;
  addresses(): Promise<LocalAddress[]>;
}

/** Keeps `<hostName>.local` pointing at this machine, or the next free `<hostName>-2.local`. Never fails: what is wrong is told in health. */
export class LocalName {
  readonly #options: LocalNameOptions;
  #number = 1;
  #published: string | null = null;
  #problem: string | null = null;

  constructor(options: LocalNameOptions) {
    this.#options = options;
  }

  /** As it is really announced; null while it is not. */
  get name(): string | null {
    return this.#published;
  }

  check(): HealthCheck {
    if (this.#published) return { id: 'network.name', level: 'ok', message: `This device is found as ${this.#published}.` };
    return {
      id: 'network.name',
      level: 'note',
      message: `This device has no name on the local network${this.#problem ? `: ${this.#problem}` : ' yet'}.`,
      action: 'Use its address instead, or install and start avahi-daemon.',
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#hold(signal);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#problem !== reason) logger.info({ reason }, 'the local name is not announced');
        this.#problem = reason;
      }
      this.#published = null;
      if (!signal.aborted) await clock.sleep(retryMs, signal).catch(() => {});
    }
  }

  /** One connection to avahi, until it is lost (throws) or the signal is aborted. */
  async #hold(signal: AbortSignal): Promise<void> {
    const avahi = await this.#options.connect();
    try {
      while (!signal.aborted) await this.#publish(avahi, signal);
    } finally {
      avahi.close();
    }
  }

  /** One name with one set of addresses, until either must change. */
  async #publish(avahi: NameService, signal: AbortSignal): Promise<void> {
    const addresses = await this.#options.addresses();
    const name = this.#nextName();
    if ((await avahi.hostName()).toLowerCase() === name) {
      this.#establish(name);
      await this.#watch(avahi, addresses, signal, () => null);
      return;
    }
    const group: { state: GroupState } = { state: 'uncommitted' };
    const records = addresses.map((address) => ({ ...address, name }));
    if (records.length === 0) throw new Error('the machine has no network address');
    const withdraw = await avahi.publish(records, (now) => {
      group.state = now;
      if (now === 'established') this.#establish(name);
    });
    try {
      await this.#watch(avahi, addresses, signal, () => group.state);
    } finally {
      this.#published = null;
      await withdraw().catch(() => {});
    }
    if (group.state === 'collision') this.#number += 1;
  }

  /** Returns when the addresses or the host's own name changed, or another host has the name; throws when avahi is lost. */
  async #watch(avahi: NameService, before: readonly LocalAddress[], signal: AbortSignal, state: () => GroupState | null): Promise<void> {
    const own = await avahi.hostName();
    while (!signal.aborted) {
      if (state() === 'collision') return;
      if (state() === 'failure') throw new Error('avahi could not announce it');
      await this.#options.clock.sleep(this.#published ? checkMs : checkMs / 8, signal).catch(() => {});
      if (signal.aborted) return;
      await avahi.check();
      if ((await avahi.hostName()) !== own) return;
      if (JSON.stringify(await this.#options.addresses()) !== JSON.stringify(before)) return;
    }
  }

  #establish(name: string): void {
    if (this.#published !== name) this.#options.logger.info({ name }, 'the local name is announced');
    this.#published = name;
    this.#problem = null;
  }

  #nextName(): string {
    if (this.#number > namesMax) {
      this.#number = 1;
      throw new Error('every name like it is taken on this network');
    }
    const suffix = this.#number === 1 ? '' : `-${this.#number}`;
    return `${this.#options.hostName}${suffix}.local`.toLowerCase();
  }
}
