import type { HealthCheck, JoinNetwork, Network, NetworkLink, WifiJoin, WifiNetwork } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { AccessPointPlan } from './connection-profiles.ts';
import { gatewayAnswers } from './gateway-probe.ts';
import { NetworkDaemon } from './network-daemon.ts';
import { Onboarding } from './onboarding.ts';
import { Joining } from './wifi-join.ts';

/** Until the interface has listened to all channels. */
const listenMs = 4000;

export interface NetworkOptions {
  clock: Clock;
  logger: Logger;
  daemon?: NetworkDaemon;
  /** The own access point; null where the device is a guest of a machine that somebody else looks after. */
  plan: AccessPointPlan | null;
  gatewayAnswers?: (gateway: string, networkInterface: string) => Promise<boolean>;
  onOpened(plan: AccessPointPlan): void;
  onClosed(): void;
  onJoined(join: WifiJoin): void;
}

/** The machine's networks: which there are, which is joined, and the own one when there is none. */
export class NetworkRoom {
  readonly #options: NetworkOptions;
  readonly #daemon: NetworkDaemon;
  readonly #joining: Joining;
  readonly #onboarding: Onboarding | null;
  #signal = new AbortController().signal;

  constructor(options: NetworkOptions) {
    const { clock, logger, plan, onOpened, onClosed } = options;
    this.#options = options;
    const daemon = options.daemon ?? new NetworkDaemon(clock);
    this.#daemon = daemon;
    this.#joining = new Joining({
      clock,
      logger,
      attempt: (wish, how) => daemon.attempt(wish, how),
      gatewayAnswers: options.gatewayAnswers ?? ((gateway, name) => gatewayAnswers(gateway, name, clock)),
    });
    this.#onboarding = plan
      ? new Onboarding({ clock, logger, daemon, plan, isJoining: () => this.#joining.isBusy, onOpened, onClosed })
      : null;
  }

  /** The own access point; null while it is closed. */
  get setup(): AccessPointPlan | null {
    return this.#onboarding?.open ?? null;
  }

  /** There is no network: whatever may bring one is welcome. */
  get isSetupNeeded(): boolean {
    return this.#onboarding?.isNeeded ?? false;
  }

  /** Somebody looks at the page of the own access point. */
  visited(): void {
    this.#onboarding?.visited();
  }

  /** Until aborted. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    if (this.#onboarding) await this.#onboarding.run(signal);
    else await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    this.#daemon.close();
  }

  async describe(): Promise<Network> {
    const setup = this.setup && { ssid: this.setup.ssid, address: this.setup.address };
    const join = this.#joining.newest;
    try {
      return { problem: null, links: await this.#daemon.links(), known: await this.#daemon.known(), join, setup };
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'the network cannot be looked at');
      return { problem: absence, links: [], known: [], join, setup };
    }
  }

  /** Listens for networks, which takes some seconds. */
  async scan(): Promise<WifiNetwork[]> {
    return this.#asked(async () => {
      const known = await this.#daemon.known();
      // Refused when it listened a moment ago, or while it is an access point: then what it heard last is as good as it gets.
      await this.#daemon.requestScan().catch(() => {});
      await this.#options.clock.sleep(listenMs, this.#signal);
      const [heard, links] = [await this.#daemon.heard(), await this.#daemon.links()];
      return heard
        .filter(({ ssid }) => ssid !== this.#options.plan?.ssid)
        .map((network) => ({
          ...network,
          known: known.includes(network.ssid),
          connected: links.some((link) => link.state === 'connected' && link.ssid === network.ssid),
        }));
    });
  }

  /** Begins to join and answers at once: who asked may be on the network that is being left. Throws Failure. */
  async join(network: JoinNetwork): Promise<WifiJoin> {
    return (await this.#begin(network)).begun;
  }

  /** Resolves when it is joined, or when everything is as before. Throws Failure. */
  async joinAndWait(network: JoinNetwork): Promise<void> {
    await (await this.#begin(network)).outcome;
  }

  async #begin({ ssid, passphrase, hidden }: JoinNetwork): Promise<{ begun: WifiJoin; outcome: Promise<WifiJoin> }> {
    const known = passphrase === undefined && (await this.#asked(() => this.#daemon.known())).includes(ssid);
    const outcome = this.#joining.join({ ssid, passphrase: passphrase ?? null, hidden: hidden ?? false }, { known }, this.#signal);
    outcome.then(this.#options.onJoined, () => {});
    const begun = this.#joining.newest;
    return { begun: begun?.ssid === ssid && begun.phase === 'joining' ? begun : await outcome, outcome };
  }

  /** Throws Failure `not-found` for one that is not known. */
  async forget(ssid: string): Promise<void> {
    if (await this.#asked(() => this.#daemon.forget(ssid))) return;
    throw new Failure('not-found', `“${ssid}” is not among the known networks.`);
  }

  async checks(): Promise<HealthCheck[]> {
    const { problem, links } = await this.describe();
    return [linkCheck(problem, links, this.setup)];
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw new Failure('unavailable', absence, { action: 'Set the network up on the machine itself, or use Ethernet.', cause });
    }
  }
}

const absence = 'The network cannot be changed from here: NetworkManager, or a Wi-Fi that it may use, was not found.';

export function linkCheck(problem: string | null, links: readonly NetworkLink[], setup: AccessPointPlan | null): HealthCheck {
  const id = 'network.link';
  const connected = links.filter((link) => link.state === 'connected');
  if (problem !== null)
    return { id, level: 'note', message: problem, action: 'Nothing is to be done when the machine is looked after by other means.' };
  if (connected.length > 0) {
    const named = connected.map(({ kind, ssid }) => (kind === 'ethernet' ? 'Ethernet' : `Wi-Fi “${ssid ?? '?'}”`));
    return { id, level: 'ok', message: `Connected by ${[...new Set(named)].join(' and ')}.` };
  }
  const action = setup
    ? `Join the Wi-Fi “${setup.ssid}” of the device with your phone and open http://${setup.address}. Its passphrase is on the screen of the device and in its log.`
    : 'Plug in a network cable, or switch the router on.';
  return { id, level: 'warning', message: 'There is no network. Recording goes on.', action };
}
