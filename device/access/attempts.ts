import { RateLimiterMemory } from 'rate-limiter-flexible';
import { CallerLimit, countOnce } from '#device/kernel/caller-limit.ts';
import { Failure } from '#device/kernel/failure.ts';

const quarterHourSeconds = 900;

/** Few guesses for one caller, more for one name from everywhere, so that a stranger cannot easily lock the owner out. */
export interface AttemptLimits {
  perCaller: number;
  perNetwork: number;
  perName: number;
}

export const usualAttemptLimits: AttemptLimits = { perCaller: 10, perNetwork: 50, perName: 50 };

export interface Attempts {
  /** Counts before the secret is looked at; throws `rate-limited`. */
  login(username: string, remoteAddress: string): Promise<void>;
  /** A right password forgets the wrong ones before it. */
  succeeded(username: string, remoteAddress: string): Promise<void>;
  claim(remoteAddress: string): Promise<void>;
  passwordChange(username: string): Promise<void>;
}

export function countAttempts(limits: AttemptLimits): Attempts {
  const callers = new CallerLimit({ ...limits, durationSeconds: quarterHourSeconds });
  const claims = new CallerLimit({ ...limits, durationSeconds: quarterHourSeconds });
  const names = new RateLimiterMemory({ points: limits.perName, duration: quarterHourSeconds });
  const changes = new RateLimiterMemory({ points: limits.perCaller, duration: quarterHourSeconds });
  return {
    login: async (username, remoteAddress) => {
      letPass(await callers.take(remoteAddress));
      letPass(await countOnce(names, nameOf(username)));
    },
    succeeded: async (username, remoteAddress) => {
      await callers.forget(remoteAddress);
      await names.delete(nameOf(username));
    },
    claim: async (remoteAddress) => letPass(await claims.take(remoteAddress)),
    passwordChange: async (username) => letPass(await countOnce(changes, nameOf(username))),
  };
}

function nameOf(username: string): string {
  return username.toLowerCase();
}

function letPass(waitMs: number): void {
  if (waitMs === 0) return;
  const minutes = Math.ceil(waitMs / 60_000);
  const action = `Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`;
  throw new Failure('rate-limited', 'Too many attempts.', { action, retryAfterSeconds: minutes * 60 });
}
