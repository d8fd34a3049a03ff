import { Message, type MessageBus, MessageType, systemBus, Variant } from '@jellybrick/dbus-next';
import type { Clock } from '#device/kernel/clock.ts';

const busService = 'org.freedesktop.DBus';
/** A call that takes longer was lost with its daemon. */
const callTimeoutMs = 15_000;

export interface HostBusOptions {
  clock: Clock;
  /** Name on the bus, e.g. `org.freedesktop.Avahi`. */
  service: string;
  /** As a person knows it, e.g. `avahi-daemon`. */
  daemon: string;
  /** The bus starts it when it is asked, and it ends by itself: neither loses anything. */
  comesWhenAsked?: boolean;
}

interface Call {
  path: string;
  interface: string;
  member: string;
  signature?: string;
  body?: unknown[];
}

/** Of one interface of one object, without the wrappers of the wire. */
export type Properties = Readonly<Record<string, unknown>>;
type SignalListener = (path: string, body: readonly unknown[]) => void;

/**
 * One connection to one daemon on the machine's system bus; in a container that of the host, which `DBUS_SYSTEM_BUS_ADDRESS` names.
 * Every method rejects with Error when the daemon or the bus is gone; such a connection never comes back, a new one must be made.
 */
export class HostBus {
  readonly #bus: MessageBus;
  readonly #options: HostBusOptions;
  readonly #listeners = new Map<string, Set<SignalListener>>();
  readonly #loss = Promise.withResolvers<never>();
  #lost: Error | null = null;

  private constructor(bus: MessageBus, options: HostBusOptions) {
    this.#bus = bus;
    this.#options = options;
    this.#loss.promise.catch(() => {});
    bus.on('message', (message) => this.#signal(message));
    // The library reports a lost socket here, and would end the process if nobody listened.
    Reflect.apply(bus.on, bus, ['error', (cause: unknown) => this.#lose(new Error('the system bus cannot be reached', { cause }))]);
  }

  /** Connects to the system bus; that the daemon is there shows at the first call. */
  static async connect(options: HostBusOptions): Promise<HostBus> {
    const made = new HostBus(systemBus(), options);
    try {
      if (!options.comesWhenAsked)
        await made.#match(`type='signal',sender='${busService}',member='NameOwnerChanged',arg0='${options.service}'`);
      return made;
    } catch (error) {
      made.close();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  async call(call: Call): Promise<readonly unknown[]> {
    return (await this.#call({ destination: this.#options.service, ...call })).map(unwrapped);
  }

  /** All properties of one interface of an object. */
  async properties(path: string, name: string): Promise<Properties> {
    const [found] = await this.call({
      path,
      interface: `${busService}.Properties`,
      member: 'GetAll',
      signature: 's',
      body: [name],
    });
    return isRecord(found) ? found : {};
  }

  /** Hears every such signal of the daemon, of whatever object, until the connection is closed or the returned function called. */
  async listen(name: string, member: string, listener: SignalListener): Promise<() => void> {
    const key = `${name}.${member}`;
    const known = this.#listeners.get(key);
    const listeners = known ?? new Set();
    listeners.add(listener);
    this.#listeners.set(key, listeners);
    if (!known) await this.#match(`type='signal',interface='${name}',member='${member}'`);
    return () => {
      listeners.delete(listener);
    };
  }

  close(): void {
    this.#lost ??= new Error('closed');
    this.#listeners.clear();
    try {
      this.#bus.disconnect();
    } catch {
      // Never connected: nothing to leave.
    }
  }

  async #match(rule: string): Promise<void> {
    const bus = { destination: busService, path: '/org/freedesktop/DBus', interface: busService };
    await this.#call({ ...bus, member: 'AddMatch', signature: 's', body: [rule] });
  }

  async #call(message: ConstructorParameters<typeof Message>[0]): Promise<unknown[]> {
    if (this.#lost) throw this.#lost;
    const { clock, daemon } = this.#options;
    const deadline = new AbortController();
    const late = clock.sleep(callTimeoutMs, deadline.signal).then(() => {
      throw new Error(`${daemon} does not answer`);
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
    const { service, daemon } = this.#options;
    if (!this.#options.comesWhenAsked && message.member === 'NameOwnerChanged' && message.body[0] === service)
      this.#lose(new Error(`${daemon} was stopped or restarted`));
    const body = message.body.map(unwrapped);
    for (const listener of this.#listeners.get(`${message.interface}.${message.member}`) ?? []) listener(message.path, body);
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#loss.reject(this.#lost);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** What the wire wraps into variants, as it is. */
function unwrapped(value: unknown): unknown {
  if (value instanceof Variant) return unwrapped(value.value);
  if (Array.isArray(value)) return value.map(unwrapped);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unwrapped(member)]));
  return value;
}
