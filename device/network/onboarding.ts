import type { NetworkLink } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { HeardNetwork } from './access-points.ts';
import type { AccessPointPlan } from './connection-profiles.ts';
import { type OnboardingState, onboardingStep } from './onboarding-step.ts';

const lookEveryMs = 2000;
/** While there is a network: each look is a dozen questions to the daemon, and nothing is done within a minute of losing it. */
const calmLookEveryMs = 6000;
/** Until the interface has listened to all channels. */
const listenMs = 6000;

/** What this needs of NetworkManager; see network-daemon.ts. */
export interface OnboardingDaemon {
  links(): Promise<NetworkLink[]>;
  known(): Promise<string[]>;
  heard(): Promise<HeardNetwork[]>;
  requestScan(): Promise<void>;
  activateKnown(ssid: string): Promise<boolean>;
  openAccessPoint(plan: AccessPointPlan): Promise<void>;
  closeAccessPoint(): Promise<void>;
}

export interface OnboardingOptions {
  clock: Clock;
  logger: Logger;
  daemon: OnboardingDaemon;
  plan: AccessPointPlan;
  isJoining(): boolean;
  /** Told once for each time that the access point is opened, when it is on the air. */
  onOpened(plan: AccessPointPlan): void;
  onClosed(): void;
}

/** Gives a device without a network one of its own, on which it can be told another; and goes back to the known ones by itself. */
export class Onboarding {
  readonly #options: OnboardingOptions;
  #state: OnboardingState = { phase: 'online', sinceBootMs: 0 };
  #lastVisitBootMs = Number.NEGATIVE_INFINITY;
  /** It was asked for, and not closed since. */
  #isAsked = false;
  #isTold = false;

  constructor(options: OnboardingOptions) {
    this.#options = options;
  }

  /** The access point; null while it is closed. */
  get open(): AccessPointPlan | null {
    return this.#state.phase === 'open' ? this.#options.plan : null;
  }

  /** There was no network for a while: whatever may bring one is welcome. */
  get isNeeded(): boolean {
    return this.#state.phase === 'open' || this.#state.phase === 'trying';
  }

  /** Somebody looks at the page of the access point. */
  visited(): void {
    this.#lastVisitBootMs = this.#options.clock.boot();
  }

  /** Until aborted; then the access point is closed. Never throws: without NetworkManager it waits for it. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, daemon } = this.#options;
    this.#state = { phase: 'online', sinceBootMs: clock.boot() };
    let isSilent = false;
    while (!signal.aborted) {
      try {
        await this.#look(signal);
        isSilent = false;
      } catch (error) {
        if (!isSilent && !signal.aborted) logger.info({ err: error }, 'the network cannot be watched');
        isSilent = true;
      }
      await clock.sleep(this.#state.phase === 'online' ? calmLookEveryMs : lookEveryMs, signal).catch(() => {});
    }
    if (this.#isAsked) await daemon.closeAccessPoint().catch(() => {});
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, logger, daemon, isJoining } = this.#options;
    const links = await daemon.links();
    const isOpen = links.some((link) => link.state === 'setup');
    const { state, act } = onboardingStep(this.#state, {
      bootMs: clock.boot(),
      isOnline: links.some((link) => link.state === 'connected'),
      hasWifi: links.some((link) => link.kind === 'wifi' && link.state !== 'unavailable'),
      isOpen,
      isJoining: isJoining(),
      hasKnown: this.#state.phase === 'open' && (await daemon.known()).length > 0,
      lastVisitBootMs: this.#lastVisitBootMs,
    });
    const isAnew = act === 'open' && this.#state.phase === 'open';
    this.#state = state;
    if (isAnew) logger.warn({ links: links.map(({ state: of }) => of) }, 'the own access point did not come up: it is opened again');
    if (act === 'open') await this.#open();
    if (act === 'close' || (state.phase === 'online' && this.#isAsked)) await this.#close();
    if (act === 'try') await this.#tryKnown(signal);
    if (state.phase === 'open' && isOpen) this.#tell();
  }

  async #open(): Promise<void> {
    this.#isAsked = true;
    await this.#options.daemon.openAccessPoint(this.#options.plan);
  }

  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { plan, onOpened, logger } = this.#options;
    logger.info({ ssid: plan.ssid }, 'there is no network: the own access point is open');
    onOpened(plan);
  }

  async #close(): Promise<void> {
    const { daemon, onClosed, logger } = this.#options;
    await daemon.closeAccessPoint();
    this.#isAsked = false;
    if (!this.#isTold) return;
    this.#isTold = false;
    logger.info({}, 'there is a network: the own access point is closed');
    onClosed();
  }

  /** One radio can hardly listen while it is an access point, so that must be closed for it. */
  async #tryKnown(signal: AbortSignal): Promise<void> {
    const { daemon, clock, logger } = this.#options;
    await daemon.closeAccessPoint();
    await daemon.requestScan().catch(() => {});
    await clock.sleep(listenMs, signal);
    const [known, heard] = [await daemon.known(), await daemon.heard()];
    const found = heard.find(({ ssid }) => known.includes(ssid));
    if (found) {
      logger.info({ ssid: found.ssid }, 'a known network is in reach');
      await daemon.activateKnown(found.ssid);
      return;
    }
    // Nothing to wait for; a hidden one was tried by the daemon itself meanwhile.
    this.#state = { phase: 'open', sinceBootMs: clock.boot() };
    await this.#open();
  }
}
