import type { EventJournal } from '#device/events/journal.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';

type RecordedEvent = Parameters<EventJournal['record']>[0];

interface TellerDeps {
  clock: Clock;
  logger: Logger;
  journal: Pick<EventJournal, 'record'>;
}

/** Writes down what happens now, without holding up whoever tells it; what the journal does not take is in the log. */
export function eventTeller({ clock, logger, journal }: TellerDeps): (event: Omit<RecordedEvent, 'startBootMs'>) => void {
  return (event) => {
    journal
      .record({ ...event, startBootMs: clock.boot() })
      .catch((error: unknown) => logger.error({ camera: event.cameraId, err: error }, 'an event could not be written down'));
  };
}
