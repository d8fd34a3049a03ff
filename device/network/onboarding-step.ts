/** How long a device waits for its networks before it opens its own: a router that restarts takes longer than a hiccup and less than this. */
const patienceMs = 60_000;
const tryKnownEveryMs = 180_000;
/** Whoever is typing a passphrase is not thrown out. */
const visitMs = 120_000;
const tryForMs = 45_000;
/** A small board under load takes its time to become an access point; what is not one by then will not be. */
const openForMs = 90_000;

/**
 * `online`: some network. `waiting`: none, not long enough. `open`: the own access point.
 * `trying`: it is closed for a moment, because one radio cannot do both.
 */
export type OnboardingPhase = 'online' | 'waiting' | 'open' | 'trying';

export interface OnboardingState {
  phase: OnboardingPhase;
  sinceBootMs: number;
}

export interface OnboardingFacts {
  bootMs: number;
  /** Any link but the own access point is connected. */
  isOnline: boolean;
  hasWifi: boolean;
  /** The own access point is really on the air. */
  isOpen: boolean;
  /** A network is being joined by hand: hands off. */
  isJoining: boolean;
  /** There is one to go back to; asked for only while the own access point is open. */
  hasKnown: boolean;
  /** Somebody looked at the page of the own access point last. */
  lastVisitBootMs: number;
}

export interface OnboardingStep {
  state: OnboardingState;
  act: 'open' | 'close' | 'try' | null;
}

/** What to do next so that the device has a network, or can be given one. It never comes to a restart. */
export function onboardingStep(before: OnboardingState, facts: OnboardingFacts): OnboardingStep {
  const { bootMs } = facts;
  const to = (phase: OnboardingPhase, act: OnboardingStep['act'] = null): OnboardingStep => ({
    state: before.phase === phase && act === null ? before : { phase, sinceBootMs: bootMs },
    act,
  });
  const sinceMs = bootMs - before.sinceBootMs;
  if (facts.isJoining) return { state: before, act: null };
  if (facts.isOnline) return to('online', facts.isOpen ? 'close' : null);
  switch (before.phase) {
    case 'online':
      return to('waiting');
    case 'waiting':
      return facts.hasWifi && sinceMs >= patienceMs ? to('open', 'open') : to('waiting');
    case 'open': {
      if (!facts.hasWifi) return to('waiting');
      const isVisited = bootMs - facts.lastVisitBootMs < visitMs;
      if (facts.hasKnown && !isVisited && sinceMs >= tryKnownEveryMs) return to('trying', 'try');
      return facts.isOpen || sinceMs < openForMs ? to('open') : to('open', 'open');
    }
    case 'trying':
      return sinceMs >= tryForMs ? to('open', 'open') : to('trying');
  }
}
