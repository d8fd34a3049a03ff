import type { EventJournal } from '#device/events/journal.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { DeviceTime } from '#device/kernel/device-time.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Recordings, StorageTrouble } from '#device/recordings/recordings.ts';
import type { Loss } from './losses.ts';

/** The same trouble is told again only after this long. */
const repeatMs = 600_000;

interface AlarmDeps {
  clock: Clock;
  logger: Logger;
  time: DeviceTime;
  journal: EventJournal;
  recordings: Recordings;
  losses: readonly Loss[];
  restorations: readonly Loss[];
}

/** What concerns the device itself becomes events: its start, what was put back, steps of its clock, trouble with its storage. */
export function joinAlarms({ clock, logger, time, journal, recordings, losses, restorations }: AlarmDeps): void {
  const toldAt = new Map<string, number>();
  const record = (event: Parameters<EventJournal['record']>[0]): void => {
    journal.record(event).catch((error: unknown) => logger.error({ err: error }, 'an event could not be written down'));
  };
  record({ cameraId: null, kind: 'device.started', startBootMs: clock.boot() });
  for (const { message, action } of losses) {
    record({ cameraId: null, kind: 'storage.alarm', startBootMs: clock.boot(), message: `${message} ${action}` });
  }
  for (const { message, action } of restorations) {
    record({ cameraId: null, kind: 'data.restored', startBootMs: clock.boot(), message: `${message} ${action}` });
  }
  time.onStep(({ oldOffsetMs, newOffsetMs }) => {
    const seconds = Math.round((newOffsetMs - oldOffsetMs) / 1000);
    if (seconds === 0) return;
    const message = `The clock was set ${Math.abs(seconds)} s ${seconds > 0 ? 'forward' : 'back'}.`;
    record({ cameraId: null, kind: 'clock.stepped', startBootMs: clock.boot(), message });
  });
  recordings.onTrouble(({ cameraId, failure }: StorageTrouble) => {
    logger.error({ camera: cameraId, err: failure }, failure.message);
    const key = `${cameraId} ${failure.kind} ${failure.message}`;
    const bootMs = clock.boot();
    if (bootMs - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    toldAt.set(key, bootMs);
    const message = failure.action === undefined ? failure.message : `${failure.message} ${failure.action}`;
    record({ cameraId, kind: 'storage.alarm', startBootMs: bootMs, message });
  });
}
