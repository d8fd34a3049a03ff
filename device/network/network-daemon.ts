import type { NetworkLink } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { type HeardNetwork, networksOf } from './access-points.ts';
import { type AccessPointPlan, accessPointId, accessPointProfile, clientProfile, type WifiWish } from './connection-profiles.ts';
import { HostBus, type Properties } from './host-bus.ts';
import { type Device, names, ofOthers, paths, pathsIn, readDevices, readProfiles } from './network-objects.ts';

const failedState = 120;
const active = { activated: 2, deactivating: 3 } as const;
const deleteNewConnections = 0x02;

/** How far the activation of a network is. `reason`: NetworkManager's number for why a device failed; 0 when it told none. */
export type ActivationState = { state: 'activating' | 'activated' } | { state: 'failed'; reason: number };

/** One try to join a network, with a way back that the daemon itself keeps: it is taken even if this program ends. */
export interface Attempt {
  state(): Promise<ActivationState>;
  /** The Wi-Fi as it is now; null when it was unplugged. */
  link(): Promise<NetworkLink | null>;
  /** It stays as it is now. Older profiles of the same network are forgotten. */
  keep(): Promise<void>;
  /** Everything is as it was before. */
  undo(): Promise<void>;
}

export interface AttemptOptions {
  /** With the passphrase that is kept. */
  known: boolean;
  /** When the daemon goes back by itself. */
  undoAfterMs: number;
}

/** NetworkManager on the system bus. Every method rejects with Error when it is not there; the next call connects anew. */
export class NetworkDaemon {
  readonly #clock: Clock;
  #connection: Promise<HostBus> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async links(): Promise<NetworkLink[]> {
    return (await readDevices(await this.#bus())).map(({ link }) => link);
  }

  /** What the Wi-Fi hears, without listening anew. */
  async heard(): Promise<HeardNetwork[]> {
    const bus = await this.#bus();
    const [list] = await bus.call({ path: (await this.#wifi()).path, interface: names.wireless, member: 'GetAllAccessPoints' });
    const found: Properties[] = [];
    for (const path of pathsIn(list)) {
      // It may have gone off the air since it was listed.
      const properties = await bus.properties(path, names.accessPoint).catch(() => null);
      if (properties) found.push(properties);
    }
    return networksOf(found);
  }

  /** Begins to listen anew; rejects when it listened a moment ago. */
  async requestScan(): Promise<void> {
    const bus = await this.#bus();
    await bus.call({ path: (await this.#wifi()).path, interface: names.wireless, member: 'RequestScan', signature: 'a{sv}', body: [{}] });
  }

  /** Networks that are joined without being asked. */
  async known(): Promise<string[]> {
    const profiles = ofOthers(await readProfiles(await this.#bus()));
    return [...new Set(profiles.map(({ ssid }) => ssid))].sort();
  }

  /** False when it was not known. */
  async forget(ssid: string): Promise<boolean> {
    const profiles = ofOthers(await readProfiles(await this.#bus())).filter((profile) => profile.ssid === ssid);
    for (const { path } of profiles) await this.#delete(path);
    return profiles.length > 0;
  }

  async attempt(wish: WifiWish, { known, undoAfterMs }: AttemptOptions): Promise<Attempt> {
    const bus = await this.#bus();
    const wifi = await this.#wifi();
    const older = ofOthers(await readProfiles(bus)).filter(({ ssid }) => ssid === wish.ssid);
    const plan = [[wifi.path], Math.ceil(undoAfterMs / 1000), deleteNewConnections];
    const checkpoint = await this.#command('CheckpointCreate', 'aouu', plan);
    let reason = 0;
    const stopListening = await bus.listen(names.device, 'StateChanged', (path, [state, , why]) => {
      if (path === wifi.path && state === failedState && typeof why === 'number') reason = why;
    });
    const end = async (member: string) => {
      stopListening();
      await this.#command(member, 'o', [checkpoint]);
    };
    const undo = () => end('CheckpointRollback');
    try {
      const [kept] = known ? older : [];
      const path = kept ? await this.#activate(kept.path, wifi) : await this.#addAndActivate(wish, wifi);
      return {
        state: () => this.#activation(bus, path, () => reason),
        link: async () => (await readDevices(bus)).find((device) => device.path === wifi.path)?.link ?? null,
        keep: async () => {
          await end('CheckpointDestroy');
          for (const profile of kept ? [] : older) await this.#delete(profile.path).catch(() => {});
        },
        undo,
      };
    } catch (error) {
      await undo().catch(() => {});
      throw error;
    }
  }

  /** Joins a network whose passphrase is kept, without a way back: for when there is nothing to go back to. */
  async activateKnown(ssid: string): Promise<boolean> {
    const profile = ofOthers(await readProfiles(await this.#bus())).find((candidate) => candidate.ssid === ssid);
    if (!profile) return false;
    await this.#activate(profile.path, await this.#wifi());
    return true;
  }

  /** Never written to the disk of the host: after a restart of it there is none. */
  async openAccessPoint(plan: AccessPointPlan): Promise<void> {
    const bus = await this.#bus();
    const wifi = await this.#wifi();
    await this.#forgetAccessPoints();
    const [path] = await bus.call({
      path: paths.settings,
      interface: names.settings,
      member: 'AddConnectionUnsaved',
      signature: 'a{sa{sv}}',
      body: [accessPointProfile(plan)],
    });
    await this.#activate(String(path), wifi);
  }

  async closeAccessPoint(): Promise<void> {
    for (const device of await readDevices(await this.#bus())) {
      if (device.isAccessPoint) await this.#command('DeactivateConnection', 'o', [device.active]);
    }
    await this.#forgetAccessPoints();
  }

  close(): void {
    this.#connection?.then((bus) => bus.close()).catch(() => {});
    this.#connection = null;
  }

  async #forgetAccessPoints(): Promise<void> {
    for (const { path, id } of await readProfiles(await this.#bus())) if (id === accessPointId) await this.#delete(path);
  }

  #activate(profile: string, wifi: Device): Promise<string> {
    return this.#command('ActivateConnection', 'ooo', [profile, wifi.path, paths.none]);
  }

  async #addAndActivate(wish: WifiWish, wifi: Device): Promise<string> {
    const answer = await (await this.#bus()).call({
      path: paths.daemon,
      interface: names.service,
      member: 'AddAndActivateConnection',
      signature: 'a{sa{sv}}oo',
      body: [clientProfile(wish), wifi.path, paths.none],
    });
    return String(answer[1]);
  }

  async #activation(bus: HostBus, path: string, reason: () => number): Promise<ActivationState> {
    const properties = await bus.properties(path, names.active).catch(() => null);
    if (bus.isLost) throw new Error('NetworkManager was stopped or restarted');
    const state = properties?.['State'];
    // A connection that failed is taken off the bus.
    if (typeof state !== 'number' || state >= active.deactivating) return { state: 'failed', reason: reason() };
    return { state: state === active.activated ? 'activated' : 'activating' };
  }

  async #wifi(): Promise<Device> {
    const device = (await readDevices(await this.#bus())).find(({ link }) => link.kind === 'wifi');
    if (!device) throw new Error('the machine has no Wi-Fi that NetworkManager may use');
    return device;
  }

  async #delete(path: string): Promise<void> {
    await (await this.#bus()).call({ path, interface: names.profile, member: 'Delete' });
  }

  async #command(member: string, signature: string, body: unknown[]): Promise<string> {
    const [answer] = await (await this.#bus()).call({ path: paths.daemon, interface: names.service, member, signature, body });
    return String(answer ?? paths.none);
  }

  async #bus(): Promise<HostBus> {
    const before = this.#connection;
    const bus = await before?.catch(() => null);
    if (bus && !bus.isLost) return bus;
    // Whoever comes second finds the connection that the first one makes.
    if (this.#connection === before) {
      bus?.close();
      this.#connection = HostBus.connect({ clock: this.#clock, service: names.service, daemon: 'NetworkManager' });
    }
    if (!this.#connection) throw new Error('closed');
    return this.#connection;
  }
}
