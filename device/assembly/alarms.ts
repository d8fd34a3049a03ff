import type { EventJournal } from '#device/events/journal.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { DeviceTime } from '#device/kernel/device-time.ts';
import type { Logger } from '#device/kernel/logger.ts';
import type { Recordings, StorageTrouble } from '#device/recordings/recordings.ts';
import type { Loss } from './losses.ts';
import { eventTeller } from './tell-event.ts';

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
  const tell = eventTeller({ clock, logger, journal });
  tell({ cameraId: null, kind: 'device.started' });
  for (const { message, action } of losses) {
    tell({ cameraId: null, kind: 'storage.alarm', message: `${message} ${action}` });
  }
  for (const { message, action } of restorations) {
    tell({ cameraId: null, kind: 'data.restored', message: `${message} ${action}` });
  }
  time.onStep(({ oldOffsetMs, newOffsetMs }) => {
    const seconds = Math.round((newOffsetMs - oldOffsetMs) / 1000);
    if (seconds === 0) return;
    const message = `The clock was set ${Math.abs(seconds)} s ${seconds > 0 ? 'forward' : 'back'}.`;
    tell({ cameraId: null, kind: 'clock.stepped', message });
  });
  recordings.onTrouble(({ cameraId, failure }: StorageTrouble) => {
    logger.error({ camera: cameraId, err: failure }, failure.message);
    const key = `${cameraId} ${failure.kind} ${failure.message}`;
    const bootMs = clock.boot();
    if (bootMs - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    toldAt.set(key, bootMs);
    const message = failure.action === undefined ? failure.message : `${failure.message} ${failure.action}`;
    tell({ cameraId, kind: 'storage.alarm', message });
  });
}
