import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Notification } from './event-answers.ts';
import type { EventService, Subscription } from './event-service.ts';

interface SubscriptionDeps {
  clock: Clock;
  service: EventService;
  /** The camera answered a question for events: it really has them. */
  alive(): void;
  take(notifications: readonly Notification[]): void;
}

/** Long enough that a device which was cut off keeps no place in the camera for long, and one that lives renews seldom. */
const askedLifeMs = 120_000;
/** ONVIF promises a minute; a connection that died without a word is noticed sooner this way. */
const longestWaitMs = 20_000;
/** Cameras that answer at once although nothing happened, or for ever, are not asked without a pause. */
const leastEmptyMs = 1_000;
const leastFullMs = 250;

/** One subscription, from being made to being given back. Throws the Failure that ended it, or the reason of the signal. */
export async function keepSubscription(deps: SubscriptionDeps, signal: AbortSignal): Promise<never> {
  const subscription = await deps.service.subscribe(askedLifeMs, signal);
  let error: unknown;
  try {
    return await pullAll(deps, subscription, signal);
  } catch (thrown) {
    error = thrown;
    throw thrown;
  } finally {
    // A camera has few places for subscriptions. One that cannot be reached forgets by itself.
    if (signal.aborted || isRefusal(error)) await deps.service.unsubscribe(subscription).catch(() => {});
  }
}

async function pullAll({ clock, service, alive, take }: SubscriptionDeps, subscription: Subscription, signal: AbortSignal): Promise<never> {
  let lifeMs = subscription.lifeMs;
  let renewAtMs = clock.boot() + lifeMs / 2;
  for (;;) {
    const beganMs = clock.boot();
    if (beganMs >= renewAtMs) {
      lifeMs = await service.renew(subscription, askedLifeMs, signal).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        // Some cameras know no renewal and keep alive what is asked; if it is gone instead, the next question tells.
        return Number.POSITIVE_INFINITY;
      });
      renewAtMs = clock.boot() + lifeMs / 2;
    }
    const notifications = await service.pull(subscription, Math.min(longestWaitMs, lifeMs / 3), signal);
    alive();
    take(notifications);
    const leastMs = notifications.length > 0 ? leastFullMs : leastEmptyMs;
    await clock.sleep(Math.max(0, leastMs - (clock.boot() - beganMs)), signal);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.kind !== 'camera-unreachable';
}
