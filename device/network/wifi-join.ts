import type { NetworkLink, WifiJoin } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { WifiWish } from './connection-profiles.ts';
import type { ActivationState, Attempt, AttemptOptions } from './network-daemon.ts';

const lookEveryMs = 500;
/** A slow router takes half of it for an address. */
const verifyWithinMs = 45_000;
/** From here on the daemon goes back by itself, should this program have ended or hang. */
const undoAfterMs = 60_000;

export interface JoiningOptions {
  clock: Clock;
  logger: Logger;
  attempt(wish: WifiWish, options: AttemptOptions): Promise<Attempt>;
  /** Whether the router of the network is really there. */
  gatewayAnswers(gateway: string, networkInterface: string): Promise<boolean>;
}

export interface JoinFacts {
  activation: ActivationState;
  link: NetworkLink | null;
  /** null while it was not asked. */
  gatewayAnswers: boolean | null;
  elapsedMs: number;
}

export type JoinVerdict = { step: 'wait' | 'ask-gateway' | 'keep' } | { step: 'undo'; message: string; action: string };

/** What to do with a network that is being joined. It is kept only when it was activated, gave an address, and its router answers. */
export function judgeJoin({ activation, link, gatewayAnswers, elapsedMs }: JoinFacts): JoinVerdict {
  if (activation.state === 'failed') return { step: 'undo', ...failureOf(activation.reason) };
  if (activation.state === 'activated' && link?.state === 'connected' && link.addresses.length > 0) {
    // A network of its own without a way out is a network all the same.
    if (link.gateway === null || gatewayAnswers) return { step: 'keep' };
    if (gatewayAnswers === null || elapsedMs < verifyWithinMs) return { step: 'ask-gateway' };
    return { step: 'undo', message: 'Its router does not answer.', action: 'Restart the router, or move the device nearer to it.' };
  }
  if (elapsedMs < verifyWithinMs) return { step: 'wait' };
  return {
    step: 'undo',
    message: `It gave no address within ${verifyWithinMs / 1000} s.`,
    action: 'Look whether other devices can join it, and restart the router if not.',
  };
}

const reasons = { noAddress: [5, 6, 15, 16, 17], passphrase: [7, 8, 9, 10, 11], notFound: [53] } as const;

/** NetworkManager's number in a person's words. */
function failureOf(reason: number): { message: string; action: string } {
  const is = (numbers: readonly number[]) => numbers.includes(reason);
  if (is(reasons.passphrase)) {
    return { message: 'It did not take the passphrase.', action: 'Type the passphrase again; large and small letters differ.' };
  }
  if (is(reasons.notFound)) return { message: 'It is not in reach.', action: 'Move the device nearer to the router, or check the name.' };
  if (is(reasons.noAddress)) return { message: 'It gave no address.', action: 'Look whether other devices can join it.' };
  return { message: 'It could not be joined.', action: 'Check the passphrase, and whether other devices can join it.' };
}

/** Joins one network at a time, and gives the old one up only for a new one that works. */
export class Joining {
  readonly #options: JoiningOptions;
  #newest: WifiJoin | null = null;
  #isBusy = false;

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** What became of the newest wish; null before the first. */
  get newest(): WifiJoin | null {
    return this.#newest;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Resolves when it is joined, or when everything is as it was before. Throws Failure `conflict` while another one is being joined. */
  async join(wish: WifiWish, { known }: { known: boolean }, signal: AbortSignal): Promise<WifiJoin> {
    if (this.#isBusy) {
      throw new Failure('conflict', 'Another network is being joined at this moment.', { action: 'Wait a minute and try again.' });
    }
    this.#isBusy = true;
    this.#tell(wish, 'joining');
    this.#options.logger.info({ ssid: wish.ssid }, 'joining a Wi-Fi network');
    try {
      return await this.#try(wish, known, signal);
    } catch (error) {
      this.#options.logger.warn({ ssid: wish.ssid, err: error }, 'the Wi-Fi network could not be joined');
      return this.#tell(wish, 'failed', {
        message: 'The network service of the device refused it.',
        action: 'Try again, or restart the device.',
      });
    } finally {
      this.#isBusy = false;
    }
  }

  async #try(wish: WifiWish, known: boolean, signal: AbortSignal): Promise<WifiJoin> {
    const { clock, logger } = this.#options;
    const attempt = await this.#options.attempt(wish, { known, undoAfterMs });
    const verdict = await this.#verify(attempt, clock.boot(), signal);
    if (verdict.step === 'keep') {
      await attempt.keep();
      logger.info({ ssid: wish.ssid }, 'the Wi-Fi network is joined');
      return this.#tell(wish, 'joined');
    }
    const why = verdict.step === 'undo' ? { message: verdict.message, action: verdict.action } : failureOf(0);
    logger.warn({ ssid: wish.ssid, reason: why.message }, 'the Wi-Fi network was not joined; going back');
    this.#tell(wish, 'returning', why);
    await attempt.undo();
    return this.#tell(wish, 'failed', why);
  }

  /** A program that is being stopped leaves it to the daemon to go back. */
  async #verify(attempt: Attempt, startBootMs: number, signal: AbortSignal): Promise<JoinVerdict> {
    const { clock } = this.#options;
    let answers: boolean | null = null;
    for (;;) {
      const [activation, link] = [await attempt.state(), await attempt.link()];
      const verdict = judgeJoin({ activation, link, gatewayAnswers: answers, elapsedMs: clock.boot() - startBootMs });
      if (verdict.step === 'keep' || verdict.step === 'undo') return verdict;
      if (verdict.step === 'ask-gateway' && link?.gateway) answers = await this.#options.gatewayAnswers(link.gateway, link.interface);
      if (!answers) await clock.sleep(lookEveryMs, signal);
    }
  }

  #tell({ ssid }: WifiWish, phase: WifiJoin['phase'], why?: { message: string; action: string }): WifiJoin {
    this.#newest = { ssid, phase, message: why?.message ?? null, action: why?.action ?? null };
    return this.#newest;
  }
}
