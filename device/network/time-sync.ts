import type { HealthCheck } from '#device/contract/contract.ts';
import { Backoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { every } from '#device/kernel/every.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { HostBus, type Properties } from './host-bus.ts';

const lookEveryMs = 10_000;
/** A time server that works answers within seconds of there being a network. */
const patienceMs = 600_000;
/** A service that is not there yet at the start comes soon; one that never comes is not asked all day. */
const retry = { firstMs: 10_000, maxMs: 600_000, jitter: 0, random: () => 0 };

const timedate = { service: 'org.freedesktop.timedate1', path: '/org/freedesktop/timedate1', daemon: 'systemd-timedated' };
const timesync = { service: 'org.freedesktop.timesync1', path: '/org/freedesktop/timesync1', daemon: 'systemd-timesyncd' };

/** What the machine says about who keeps its clock. */
export interface TimeFacts {
  /** The kernel was told by a time server not long ago. */
  isSynchronized: boolean;
  /** Something on the machine asks time servers. */
  isAsking: boolean;
  /** The one that answers; null when it is not told which. */
  server: string | null;
  /** Those that were named to it since its start; null when it is not told. */
  named: readonly string[] | null;
}

export interface TimeSource {
  /** Rejects where nobody tells. */
  look(): Promise<TimeFacts>;
  /** Asks these servers instead of the machine's own; none: its own again. Rejects where that cannot be said. */
  setServers(servers: readonly string[]): Promise<void>;
}

/** systemd's services, on the bus of the host. */
export function hostTimeSource(clock: Clock): TimeSource {
  const on = async <T>(daemon: typeof timedate, ask: (bus: HostBus) => Promise<T>): Promise<T> => {
    const bus = await HostBus.connect({ clock, service: daemon.service, daemon: daemon.daemon, comesWhenAsked: true });
    try {
      return await ask(bus);
    } finally {
      bus.close();
    }
  };
  const managed = `${timesync.service}.Manager`;
  return {
    look: async () => {
      const facts = await on(timedate, (bus) => bus.properties(timedate.path, timedate.service));
      const keeper = await on(timesync, (bus) => bus.properties(timesync.path, managed)).catch((): Properties => ({}));
      const name = keeper['ServerName'];
      const named = keeper['RuntimeNTPServers'];
      return {
        isSynchronized: facts['NTPSynchronized'] === true,
        isAsking: facts['NTP'] === true,
        server: typeof name === 'string' && name !== '' ? name : null,
        named: Array.isArray(named) ? named.map(String) : null,
      };
    },
    setServers: async (servers) => {
      await on(timesync, (bus) =>
        bus.call({ path: timesync.path, interface: managed, member: 'SetRuntimeNTPServers', signature: 'as', body: [[...servers]] }),
      );
    },
  };
}

export interface TimeSyncOptions {
  clock: Clock;
  logger: Logger;
  source: TimeSource;
  /** The owner's own time servers; empty: those of the machine. */
  servers(): readonly string[];
}

/** Watches who keeps the clock of the machine, and names the owner's own time servers to it where it takes them. Never fails. */
export class TimeSync {
  readonly #options: TimeSyncOptions;
  #facts: TimeFacts | null = null;
  #sinceBootMs = 0;
  readonly #backoff = new Backoff(retry);
  /** What was named last, or tried to be. */
  #wanted = '';
  #isRefused = false;
  #retryAtBootMs = 0;

  constructor(options: TimeSyncOptions) {
    this.#options = options;
  }

  get isSynchronized(): boolean {
    return this.#facts?.isSynchronized ?? false;
  }

  check(): HealthCheck {
    const { clock, servers } = this.#options;
    if (this.#isRefused && servers().length > 0) return ownServersRefused;
    return timeCheck(this.#facts, clock.boot() - this.#sinceBootMs);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, source } = this.#options;
    this.#sinceBootMs = clock.boot();
    await every(clock, lookEveryMs, signal, async () => {
      await this.#nameServers();
      const before = this.#facts?.isSynchronized;
      this.#facts = await source.look().catch(() => null);
      if (before === true && !this.isSynchronized) this.#sinceBootMs = clock.boot();
    });
  }

  /** At the start, whenever they were changed, and again when they were not taken or the service began anew: then it knows nothing of them. */
  async #nameServers(): Promise<void> {
    const { clock, servers, source, logger } = this.#options;
    const wanted = servers().join(' ');
    const isChanged = wanted !== this.#wanted;
    if (isChanged) this.#backoff.reset();
    const named = this.#facts?.named ?? null;
    const isForgotten = wanted !== '' && named !== null && named.join(' ') !== wanted;
    const isDue = (this.#isRefused || isForgotten) && clock.boot() >= this.#retryAtBootMs;
    if (!isChanged && !isDue) return;
    this.#wanted = wanted;
    this.#retryAtBootMs = clock.boot() + this.#backoff.next();
    try {
      await source.setServers(servers());
      this.#isRefused = false;
      logger.info({ servers: servers() }, 'the time servers were named to the machine');
    } catch (error) {
      if (!this.#isRefused) logger.info({ err: error }, 'the machine does not take time servers from here');
      this.#isRefused = true;
    }
  }
}

const id = 'network.time';
const ownServersRefused: HealthCheck = {
  id,
  level: 'warning',
  message: 'Your own time servers cannot be given to this machine from here.',
  action:
    'On balenaOS write them as "ntpServers" into config.json on the boot partition, separated by spaces, and restart; elsewhere into the configuration of its time service. Then empty the field in the settings.',
};

export function timeCheck(facts: TimeFacts | null, sinceMs: number): HealthCheck {
  if (!facts) return { id, level: 'ok', message: 'This machine does not tell who sets its clock.' };
  if (facts.isSynchronized) return { id, level: 'ok', message: `The clock follows ${facts.server ?? 'a time server'}.` };
  if (!facts.isAsking) {
    const action = 'Run "timedatectl set-ntp true" on the machine, unless another program sets its clock.';
    return { id, level: 'note', message: 'No time service is switched on.', action };
  }
  if (sinceMs < patienceMs) return { id, level: 'ok', message: 'Waiting for a time server.' };
  return {
    id,
    level: 'warning',
    message: `No time server has answered for ${Math.round(sinceMs / 60_000)} minutes.`,
    action: 'Let UDP port 123 through your router, or name a time server of your own network in the settings.',
  };
}
