import type { HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { Avahi } from './avahi.ts';
import { localAddresses } from './local-addresses.ts';
import { LocalName } from './local-name.ts';
import type { ToldService } from './peers.ts';
import { loadMdns, type ServiceDescription, Services } from './services.ts';

export interface AnnounceOptions {
  clock: Clock;
  logger: Logger;
  /** Wanted name without `.local`. */
  hostName: string;
  service: ServiceDescription;
}

/** Makes the device findable on the local network without anyone knowing its address. */
export interface Announcing {
  /** Announces until aborted, then withdraws. Never throws: a machine that cannot announce works all the same. */
  run(signal: AbortSignal): Promise<void>;
  /** e.g. `kerberos.local`, or `kerberos-2.local` when another device has the name; null while none is announced. */
  localName(): string | null;
  checks(): HealthCheck[];
}

/** What another device of this kind tells under the name that it announces; rejects when it does not answer. */
export async function askPeer(name: string, clock: Clock): Promise<ToldService> {
  const avahi = await Avahi.connect(clock);
  try {
    return { name, ...(await avahi.service(name, '_kerberos._tcp')) };
  } finally {
    avahi.close();
  }
}

export function createAnnouncing({ clock, logger, hostName, service }: AnnounceOptions): Announcing {
  const name = new LocalName({ clock, logger, hostName, connect: () => Avahi.connect(clock), addresses: localAddresses });
  const services = new Services({ clock, logger, service, load: loadMdns });
  return {
    run: async (signal) => {
      await Promise.all([name.run(signal), services.run(signal)]);
    },
    localName: () => name.name,
    checks: () => [name.check(), services.check()],
  };
}
