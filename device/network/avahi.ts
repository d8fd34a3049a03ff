import { Message, type MessageBus, MessageType, systemBus } from '@jellybrick/dbus-next';
import type { Clock } from '#device/kernel/clock.ts';

const service = 'org.freedesktop.Avahi';
const serverInterface = `${service}.Server`;
const groupInterface = `${service}.EntryGroup`;
const busService = 'org.freedesktop.DBus';
/** A call that takes longer was lost with its daemon. */
const callTimeoutMs = 5000;
/** The address records answers for the name; the address itself keeps naming the host. */
const publishNoReverse = 0x10;
const protocolUnspecified = -1;

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
  readonly #bus: MessageBus;
  readonly #clock: Clock;
  readonly #groupStates = new Map<string, (state: GroupState) => void>();
  readonly #loss = Promise.withResolvers<never>();
  #lost: Error | null = null;

  private constructor(bus: MessageBus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
    this.#loss.promise.catch(() => {});
    bus.on('message', (message) => this.#signal(message));
    // The library reports a lost socket here, and would end the process if nobody listened.
    Reflect.apply(bus.on, bus, ['error', (cause: unknown) => this.#lose(new Error('the system bus cannot be reached', { cause }))]);
  }

  /** Connects to the system bus and to the daemon on it. */
  static async connect(clock: Clock): Promise<Avahi> {
    const avahi = new Avahi(systemBus(), clock);
    try {
      const rules = [
        `type='signal',sender='${busService}',member='NameOwnerChanged',arg0='${service}'`,
        `type='signal',interface='${groupInterface}',member='StateChanged'`,
      ];
      for (const rule of rules) {
        await avahi.#call({
          destination: busService,
          path: '/org/freedesktop/DBus',
          interface: busService,
          member: 'AddMatch',
          signature: 's',
          body: [rule],
        });
      }
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
        await this.#group(path, 'AddAddress', 'iiuss', [interfaceIndex, protocolUnspecified, publishNoReverse, name, address]);
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
    if (this.#lost) throw this.#lost;
    await this.#server('GetState');
  }

  close(): void {
    this.#groupStates.clear();
    try {
      this.#bus.disconnect();
    } catch {
      // Never connected: nothing to leave.
    }
  }

  #server(member: string): Promise<unknown[]> {
    return this.#call({ destination: service, path: '/', interface: serverInterface, member });
  }

  #group(path: string, member: string, signature = '', body: unknown[] = []): Promise<unknown[]> {
    return this.#call({ destination: service, path, interface: groupInterface, member, signature, body });
  }

  async #call(message: ConstructorParameters<typeof Message>[0]): Promise<unknown[]> {
    if (this.#lost) throw this.#lost;
    const deadline = new AbortController();
    const late = this.#clock.sleep(callTimeoutMs, deadline.signal).then(() => {
      throw new Error('avahi-daemon does not answer');
    });
    late.catch(() => {});
    try {
      const answer = await Promise.race([this.#bus.call(new Message(message)), late, this.#loss.promise]);
      return answer?.body ?? [];
    } finally {
      deadline.abort();
    }
  }

  #signal(message: Message): void {
    if (message.type !== MessageType.SIGNAL) return;
    if (message.member === 'NameOwnerChanged' && message.body[0] === service) this.#lose(new Error('avahi was stopped or restarted'));
    if (message.member !== 'StateChanged' || message.interface !== groupInterface) return;
    const [state] = message.body;
    const name = typeof state === 'number' ? groupStates[state] : undefined;
    if (name) this.#groupStates.get(message.path)?.(name);
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#loss.reject(this.#lost);
  }
}
