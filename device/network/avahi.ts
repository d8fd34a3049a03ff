import type { Clock } from '#device/kernel/clock.ts';
import { HostBus } from './host-bus.ts';

const service = 'org.freedesktop.Avahi';
const serverInterface = `${service}.Server`;
const groupInterface = `${service}.EntryGroup`;
/** The address records answers for the name; the address itself keeps naming the host. */
const publishNoReverse = 0x10;
const unspecified = -1;
const ipv4 = 0;
/** More than any honest service tells. */
const mostTexts = 32;

/** `collision`: another host has one of the names. */
export type GroupState = 'uncommitted' | 'registering' | 'established' | 'collision' | 'failure';
const groupStates: readonly GroupState[] = ['uncommitted', 'registering', 'established', 'collision', 'failure'];

export interface AddressRecord {
  /** -1: on all interfaces. */
  interfaceIndex: number;
  name: string;
  address: string;
}

/** One connection to the machine's avahi daemon. Every method rejects with Error when the daemon or the bus is gone. */
export class Avahi {
  readonly #bus: HostBus;
  readonly #groupStates = new Map<string, (state: GroupState) => void>();

  private constructor(bus: HostBus) {
    this.#bus = bus;
  }

  /** Connects to the system bus and to the daemon on it. */
  static async connect(clock: Clock): Promise<Avahi> {
    const avahi = new Avahi(await HostBus.connect({ clock, service, daemon: 'avahi-daemon' }));
    try {
      await avahi.#bus.listen(groupInterface, 'StateChanged', (path, [state]) => {
        const name = typeof state === 'number' ? groupStates[state] : undefined;
        if (name) avahi.#groupStates.get(path)?.(name);
      });
      await avahi.hostName();
      return avahi;
    } catch (error) {
      avahi.close();
      throw error;
    }
  }

  /** The name avahi answers for by itself, e.g. `pi.local`; after a conflict the one it gave itself. */
  async hostName(): Promise<string> {
    const [name] = await this.#server('GetHostNameFqdn');
    if (typeof name !== 'string') throw new Error('avahi answered no host name');
    return name;
  }

  /** What a service of the local network tells of itself; rejects when nobody answers for the name. */
  async service(name: string, type: string): Promise<{ address: string; port: number; txt: Record<string, string> }> {
    const answer = await this.#bus.call({
      path: '/',
      interface: serverInterface,
      member: 'ResolveService',
      signature: 'iisssiu',
      body: [unspecified, unspecified, name, type, 'local', ipv4, 0],
    });
    const [address, port, txt] = answer.slice(7);
    if (typeof address !== 'string' || typeof port !== 'number') throw new Error('avahi answered no address');
    return { address, port, txt: txtOf(txt) };
  }

  /** Publishes the records together; `onState` hears what becomes of them. Resolves with the way to withdraw them. */
  async publish(records: readonly AddressRecord[], onState: (state: GroupState) => void): Promise<() => Promise<void>> {
    const [path] = await this.#server('EntryGroupNew');
    if (typeof path !== 'string') throw new Error('avahi answered no entry group');
    this.#groupStates.set(path, onState);
    const withdraw = async () => {
      this.#groupStates.delete(path);
      await this.#group(path, 'Free');
    };
    try {
      for (const { interfaceIndex, name, address } of records) {
        await this.#group(path, 'AddAddress', 'iiuss', [interfaceIndex, unspecified, publishNoReverse, name, address]);
      }
      await this.#group(path, 'Commit');
    } catch (error) {
      await withdraw().catch(() => {});
      throw error;
    }
    return withdraw;
  }

  /** Rejects when the daemon was restarted or the bus was lost since the connection was made. */
  async check(): Promise<void> {
    await this.#server('GetState');
  }

  close(): void {
    this.#groupStates.clear();
    this.#bus.close();
  }

  #server(member: string): Promise<readonly unknown[]> {
    return this.#bus.call({ path: '/', interface: serverInterface, member });
  }

  async #group(path: string, member: string, signature = '', body: unknown[] = []): Promise<void> {
    await this.#bus.call({ path, interface: groupInterface, member, signature, body });
  }
}

/** Texts that are no pair of name and value say nothing here. */
function txtOf(texts: unknown): Record<string, string> {
  const pairs = (Array.isArray(texts) ? texts.slice(0, mostTexts) : []).flatMap((bytes) => {
    const text = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
    const equals = text.indexOf('=');
    return equals > 0 ? [[text.slice(0, equals), text.slice(equals + 1)] as const] : [];
  });
  return Object.fromEntries(pairs);
}
