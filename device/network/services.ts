import type { HealthCheck } from '#device/contract/contract.ts';
import { Backoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';

/** An attempt with no daemon to answer holds up the whole process for a moment: it is made less and less often. */
const retry = { firstMs: 2500, maxMs: 120_000, jitter: 0, random: () => 0 };
/** An announcement that lasted so long had a daemon that works. */
const provenMs = 10_000;
const nameTaken = 'something on this machine has the same name already';

export interface ServiceDescription {
  /** Shown to people who browse their network. */
  name: string;
  port: number;
  txt: Record<string, string>;
}

/** One running announcement. `onError` hears, at any later time, that the daemon dropped it. */
export interface Announcement {
  stop(): void;
}

/** The part of the `mdns` package this needs. */
export interface ServiceAnnouncer {
  /** Throws when no daemon is there. */
  announce(type: string, service: ServiceDescription, onError: (error: Error) => void): Announcement;
}

/** Loads the native package; rejects where its library is missing. */
export async function loadMdns(): Promise<ServiceAnnouncer> {
  const { default: mdns } = await import('mdns');
  return {
    announce: (type, service, onError) => {
      const advertisement = mdns.createAdvertisement(mdns.tcp(type), service.port, { name: service.name, txtRecord: service.txt });
      advertisement.on('error', onError);
      try {
        advertisement.start();
      } catch (error) {
        advertisement.stop();
        throw error;
      }
      return { stop: () => advertisement.stop() };
    },
  };
}

export interface ServicesOptions {
  clock: Clock;
  logger: Logger;
  service: ServiceDescription;
  load(): Promise<ServiceAnnouncer>;
}

/** Keeps `_http._tcp` and `_kerberos._tcp` announced; made anew when the daemon restarts. Never fails: what is wrong is told in health. */
export class Services {
  readonly #options: ServicesOptions;
  #problem: string | null = 'not announced yet';

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  check(): HealthCheck {
    if (this.#problem === null) return { id: 'network.services', level: 'ok', message: 'The portal is announced on the local network.' };
    return {
      id: 'network.services',
      level: 'note',
      message: `The portal is not announced on the local network: ${this.#problem}.`,
      action:
        this.#problem === nameTaken
          ? 'Give this device another name in its settings, or use its address.'
          : 'Use its address instead, or install avahi-daemon and libavahi-compat-libdnssd1.',
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const backoff = new Backoff(retry);
    while (!signal.aborted) {
      const begunMs = clock.boot();
      try {
        await this.#hold(await this.#options.load(), signal);
      } catch (error) {
        const reason = reasonOf(error);
        if (this.#problem !== reason) logger.info({ reason }, 'the portal is not announced');
        this.#problem = reason;
      }
      if (clock.boot() - begunMs >= provenMs) backoff.reset();
      if (!signal.aborted) await clock.sleep(backoff.next(), signal).catch(() => {});
    }
  }

  /** Until the signal is aborted, or an announcement is lost (throws). */
  async #hold(announcer: ServiceAnnouncer, signal: AbortSignal): Promise<void> {
    const lost = Promise.withResolvers<void>();
    const stop = () => lost.resolve();
    signal.addEventListener('abort', stop, { once: true });
    const running: Announcement[] = [];
    try {
      signal.throwIfAborted();
      for (const type of ['http', 'kerberos']) running.push(announcer.announce(type, this.#options.service, (error) => lost.reject(error)));
      this.#problem = null;
      await lost.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      for (const announcement of running) announcement.stop();
    }
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'dns service error: name conflict') return nameTaken;
  // The library knows no other words for "no daemon", "no bus" and "it was restarted".
  return message.startsWith('dns service error') ? 'avahi-daemon does not answer' : message;
}
