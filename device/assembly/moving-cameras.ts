import type { Event, EventKind } from '#device/contract/contract.ts';
import type { EventChange } from '#device/events/journal.ts';

/** What outputs follow: movement that is seen here, and what the camera itself notices but for what only concerns the camera. */
const followed: ReadonlySet<EventKind> = new Set([
  'motion',
  'noticed.motion',
  'noticed.person',
  'noticed.vehicle',
  'noticed.animal',
  'noticed.line',
  'noticed.area',
  'noticed.visitor',
  'noticed.input',
]);

/** Which cameras something moves before, as the journal tells it. Several events of one camera at a time are one movement. */
export class MovingCameras {
  readonly #changed: (cameraId: string, isMoving: boolean) => void;
  readonly #lasting = new Map<string, Set<Event['id']>>();

  constructor(changed: (cameraId: string, isMoving: boolean) => void) {
    this.#changed = changed;
  }

  take({ phase, event: { id, kind, cameraId } }: EventChange): void {
    if (cameraId === null || phase === 'updated' || !followed.has(kind)) return;
    const lasting = this.#lasting.get(cameraId) ?? new Set();
    const wasMoving = lasting.size > 0;
    if (phase === 'started') lasting.add(id);
    else lasting.delete(id);
    if (lasting.size > 0) this.#lasting.set(cameraId, lasting);
    else this.#lasting.delete(cameraId);
    if (wasMoving !== lasting.size > 0) this.#changed(cameraId, !wasMoving);
  }
}
