import type { JournalPort, MotionFinding, NoticeBegun } from '#device/cameras/ports.ts';
import type { EventKind } from '#device/contract/contract.ts';
import type { EventJournal } from '#device/events/journal.ts';
import { Failure } from '#device/kernel/failure.ts';
import type { Logger } from '#device/kernel/logger.ts';

interface Known {
  startBootMs: number;
  id: string;
}

interface PresentEvents {
  /** The newest of each kind. */
  newest: Map<EventKind, Known>;
  outageId: string | null;
  /** What was asked last; the next thing waits for it, so that the journal hears of each camera in order. */
  turn: Promise<void>;
}

/** Writes down what the cameras' pipelines tell, without ever holding them up. */
export class CameraJournal implements JournalPort {
  readonly #journal: EventJournal;
  readonly #logger: Logger;
  readonly #cameras = new Map<string, PresentEvents>();

  constructor(journal: EventJournal, logger: Logger) {
    this.#journal = journal;
    this.#logger = logger;
  }

  motionStarted(cameraId: string, { startBootMs, score, boxes, zones }: MotionFinding): void {
    this.#begin({ cameraId, kind: 'motion', startBootMs, score, boxes, zones });
  }

  motionUpdated(cameraId: string, { startBootMs, score, boxes, zones }: MotionFinding): void {
    this.#onMotion(cameraId, startBootMs, (id) => this.#journal.update(id, { score, boxes, zones }));
  }

  motionEnded(cameraId: string, { startBootMs, endBootMs, score, boxes, zones }: MotionFinding & { endBootMs: number }): void {
    this.#onMotion(cameraId, startBootMs, (id) => this.#journal.end(id, { endBootMs, score, boxes, zones }));
  }

  motionPicture(cameraId: string, startBootMs: number, jpeg: Uint8Array): void {
    this.#onMotion(cameraId, startBootMs, (id) => this.#journal.setPicture(id, jpeg));
  }

  motionRecording(cameraId: string, startBootMs: number, recordingId: string): void {
    this.#onMotion(cameraId, startBootMs, (id) => this.#journal.link(id, recordingId));
  }

  noticeStarted(cameraId: string, { kind, startBootMs, message }: NoticeBegun & { message: string }): void {
    this.#begin({ cameraId, kind: `noticed.${kind}`, startBootMs, message });
  }

  noticeEnded(cameraId: string, notice: NoticeBegun, endBootMs: number): void {
    this.#onNotice(cameraId, notice, (id) => this.#journal.end(id, { endBootMs }));
  }

  noticePicture(cameraId: string, notice: NoticeBegun, jpeg: Uint8Array): void {
    this.#onNotice(cameraId, notice, (id) => this.#journal.setPicture(id, jpeg));
  }

  noticeRecording(cameraId: string, notice: NoticeBegun, recordingId: string): void {
    this.#onNotice(cameraId, notice, (id) => this.#journal.link(id, recordingId));
  }

  offline(cameraId: string, message: string, bootMs: number): void {
    this.#next(cameraId, async (present) => {
      if (present.outageId !== null) return;
      const event = await this.#journal.begin({ cameraId, kind: 'camera.offline', startBootMs: bootMs, message });
      present.outageId = event.id;
    });
  }

  online(cameraId: string, bootMs: number): void {
    this.#next(cameraId, async (present) => {
      if (await this.#endOutage(present, bootMs)) await this.#journal.record({ cameraId, kind: 'camera.online', startBootMs: bootMs });
    });
  }

  lightChanged(cameraId: string, state: 'day' | 'night', message: string, bootMs: number): void {
    this.#next(cameraId, async () => {
      await this.#journal.record({ cameraId, kind: `camera.${state}`, startBootMs: bootMs, message });
    });
  }

  /** A camera that is switched off is no longer offline. */
  switchedOff(cameraId: string, bootMs: number): void {
    this.#next(cameraId, async (present) => {
      await this.#endOutage(present, bootMs);
    });
  }

  /** Nor is one that is no more; nothing is told of it after this. */
  forget(cameraId: string, bootMs: number): void {
    this.#next(cameraId, async (present) => {
      await this.#endOutage(present, bootMs).finally(() => this.#cameras.delete(cameraId));
    });
  }

  /** Resolves when everything told so far is written. */
  async settled(): Promise<void> {
    await Promise.all([...this.#cameras.values()].map((present) => present.turn));
  }

  /** Answers whether there was one. Forgotten even when it cannot be written: the next one must be told. */
  async #endOutage(present: PresentEvents, bootMs: number): Promise<boolean> {
    const { outageId } = present;
    present.outageId = null;
    if (outageId !== null) await this.#journal.end(outageId, { endBootMs: bootMs });
    return outageId !== null;
  }

  #onMotion(cameraId: string, startBootMs: number, act: (id: string) => Promise<unknown>): void {
    this.#on(cameraId, 'motion', startBootMs, act);
  }

  #onNotice(cameraId: string, { kind, startBootMs }: NoticeBegun, act: (id: string) => Promise<unknown>): void {
    this.#on(cameraId, `noticed.${kind}`, startBootMs, act);
  }

  #begin(event: Parameters<EventJournal['begin']>[0] & { cameraId: string }): void {
    const { cameraId, kind, startBootMs } = event;
    this.#next(cameraId, async ({ newest }) => {
      newest.set(kind, { startBootMs, id: (await this.#journal.begin(event)).id });
    });
  }

  /** What is told of an event that is not the newest of its kind any more comes too late. */
  #on(cameraId: string, kind: EventKind, startBootMs: number, act: (id: string) => Promise<unknown>): void {
    this.#next(cameraId, async ({ newest }) => {
      const known = newest.get(kind);
      if (known?.startBootMs === startBootMs) await act(known.id);
    });
  }

  #next(cameraId: string, act: (present: PresentEvents) => Promise<void>): void {
    const present = this.#cameras.get(cameraId) ?? { newest: new Map(), outageId: null, turn: Promise.resolve() };
    this.#cameras.set(cameraId, present);
    present.turn = present.turn
      .then(() => act(present))
      .catch((error: unknown) => {
        // An event that was pruned or deleted meanwhile needs no further word.
        if (error instanceof Failure && error.kind === 'not-found') return;
        this.#logger.error({ camera: cameraId, err: error }, 'an event could not be written down');
      });
  }
}
