import type { HealthCheck } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { type Announcing, createAnnouncing } from '#device/network/announce.ts';
import type { Rooms } from './rooms.ts';

interface AnnouncementsDeps {
  clock: Clock;
  logger: Logger;
  rooms: Pick<Rooms, 'settings' | 'identity'>;
  version: string;
}

/** Announces under the name that is set, anew whenever it is changed, and not at all when that is what the owner wants. */
export class Announcements {
  readonly #deps: AnnouncementsDeps;
  #current: Announcing | null = null;

  constructor(deps: AnnouncementsDeps) {
    this.#deps = deps;
  }

  localName(): string | null {
    return this.#current?.localName() ?? null;
  }

  checks(): HealthCheck[] {
    if (this.#current) return this.#current.checks();
    return [{ id: 'network.mdns', level: 'ok', message: 'The device is not announced on the network, as it is set.' }];
  }

  async run(port: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const changed = new AbortController();
      const announced = JSON.stringify(this.#wanted());
      const stopListening = this.#deps.rooms.settings.onChange(() => {
        if (JSON.stringify(this.#wanted()) !== announced) changed.abort();
      });
      await this.#announce(port, AbortSignal.any([signal, changed.signal]));
      stopListening();
    }
  }

  #wanted() {
    const { deviceName, network } = this.#deps.rooms.settings.get();
    return { deviceName, ...network };
  }

  async #announce(port: number, signal: AbortSignal): Promise<void> {
    const { clock, logger, version, rooms } = this.#deps;
    const { deviceName, hostName, announce } = this.#wanted();
    if (!announce) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return;
    }
    const txt = { path: '/', version, id: rooms.identity.deviceId };
    this.#current = createAnnouncing({ clock, logger, hostName, service: { name: deviceName, port, txt } });
    await this.#current.run(signal);
    this.#current = null;
  }
}
