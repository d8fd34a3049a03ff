import { defaultBackoff } from '#device/kernel/backoff.ts';
import type { Clock } from '#device/kernel/clock.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { type Attempt, supervise } from '#device/kernel/supervise.ts';
import type { NoticeSink } from '../ports.ts';
import type { EventService } from './event-service.ts';
import { keepSubscription } from './event-subscription.ts';
import { noticeOf } from './notices.ts';

export interface EventWatchDeps {
  clock: Clock;
  logger: Logger;
  random(): number;
  cameraId: string;
  /** A conversation of its own, for each subscription anew. */
  service(): EventService;
  sink: NoticeSink;
}

const longestPauseMs = 300_000;
/**
 * What only a person changes, a camera without events or a wrong password, is tried this seldom: cameras lock out who says a wrong
 * password often, and the video with it. A change of the settings tries at once.
 */
const hopelessPauseMs = 1_800_000;
/** A camera that reboots is no news. */
const failuresUntilNote = 3;

/** Hears the events of one camera for as long as it is wanted, whatever becomes of its subscriptions. */
export async function watchEvents(deps: EventWatchDeps, signal: AbortSignal): Promise<void> {
  const { clock, random, sink } = deps;
  await supervise(
    {
      clock,
      backoff: { ...defaultBackoff, maxMs: longestPauseMs, random },
      start: (running, alive) => hear(deps, running, alive),
      failed: (attempt) => failed(deps, attempt),
    },
    signal,
  );
  sink.note(null);
}

async function hear({ clock, logger, cameraId, service, sink }: EventWatchDeps, signal: AbortSignal, alive: () => void): Promise<void> {
  let hasLived = false;
  try {
    await keepSubscription(
      {
        clock,
        service: service(),
        alive: () => {
          hasLived = true;
          alive();
          sink.note(null);
        },
        take: (notifications) => sink.heard(notifications.flatMap((notification) => noticeOf(notification) ?? [])),
      },
      signal,
    );
  } catch (error) {
    sink.lost();
    if (!hasLived && !signal.aborted && isHopeless(error)) {
      logger.warn({ camera: cameraId, kind: error.kind, err: error.cause }, 'the own events of the camera cannot be heard');
      sink.note(noteOf(error));
      await clock.sleep(hopelessPauseMs, signal);
    }
    throw error;
  }
}

function failed({ logger, cameraId, sink }: EventWatchDeps, { error, failures, delayMs }: Attempt): void {
  const failure = error instanceof Failure ? error : new Failure('internal', 'The events of the camera cannot be read.', { cause: error });
  const isNews = failures === 1 || failures === failuresUntilNote;
  const level = isNews && !isHopeless(failure) ? 'warn' : 'debug';
  logger[level](
    { camera: cameraId, kind: failure.kind, failures, delayMs, err: failure.cause },
    'the own events of the camera are not heard',
  );
  if (failures >= failuresUntilNote) sink.note(noteOf(failure));
}

function isHopeless(error: unknown): error is Failure {
  return error instanceof Failure && (error.kind === 'not-found' || error.kind === 'camera-wrong-password');
}

function noteOf(failure: Failure): string {
  if (failure.kind === 'not-found') return 'This camera tells nothing of what it notices itself: it has no events by ONVIF.';
  return `What the camera notices itself is not heard. ${failure.message}${failure.action === undefined ? '' : ` ${failure.action}`}`;
}
