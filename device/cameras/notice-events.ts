import type { NoticeKind, NoticeSettings } from '#device/contract/contract.ts';
import type { Clock } from '#device/kernel/clock.ts';
import type { Logger } from '#device/kernel/logger.ts';
import { eventPicture } from './event-picture.ts';
import type { EventRecording } from './event-recording.ts';
import { NoticeLevels } from './notice-levels.ts';
import type { CapturePort, JournalPort, Notice, NoticeSink, Thrift } from './ports.ts';
import type { RecentPictures } from './recent-pictures.ts';

/** The picture is of a moment after the beginning: whoever crosses a line is then in it. */
const pictureAfterMs = 500;
const pictureWaitMs = 1_000;

const saw: Readonly<Record<NoticeKind, string>> = {
  motion: 'The camera itself noticed motion.',
  person: 'The camera itself noticed a person.',
  vehicle: 'The camera itself noticed a vehicle.',
  animal: 'The camera itself noticed an animal.',
  line: 'The camera itself noticed that a line was crossed.',
  area: 'The camera itself noticed something in an area that it watches.',
  visitor: 'Somebody is at the door, says the camera.',
  input: 'Something at an input of the camera reports.',
  sound: 'The camera itself noticed a sound.',
  tamper: 'The camera reports tampering.',
};
/** What is in the picture and moves. */
const moving: ReadonlySet<NoticeKind> = new Set(['motion', 'person', 'vehicle', 'animal', 'line', 'area']);

interface NoticeEventsDeps {
  clock: Clock;
  logger: Logger;
  capture: Pick<CapturePort, 'jpeg'>;
  recording: EventRecording;
  journal: JournalPort;
  pictures: RecentPictures;
  thrift(): Thrift;
  onChange(): void;
}

interface LastingNotice {
  startBootMs: number;
  recordingKnown: boolean;
  pictured: boolean;
}

/** What follows from what a camera notices itself: recording, journal, and a picture. */
export class NoticeEvents implements NoticeSink {
  readonly #cameraId: string;
  readonly #deps: NoticeEventsDeps;
  readonly #levels: NoticeLevels;
  readonly #lasting = new Map<NoticeKind, LastingNotice>();
  readonly #closed = new AbortController();
  #settings: NoticeSettings;
  #note: string | null = null;

  constructor(cameraId: string, settings: NoticeSettings, deps: NoticeEventsDeps) {
    this.#cameraId = cameraId;
    this.#settings = settings;
    this.#deps = deps;
    this.#levels = new NoticeLevels({
      began: (kind, bootMs) => this.#began(kind, bootMs),
      ended: (kind, bootMs) => this.#ended(kind, bootMs),
    });
  }

  get notes(): readonly string[] {
    return this.#note === null ? [] : [this.#note];
  }

  get seesMotion(): boolean {
    return this.#levels.lasting.some((kind) => moving.has(kind));
  }

  configure(settings: NoticeSettings): void {
    this.#settings = settings;
    this.#levels.stop(this.#deps.clock.boot(), (kind) => this.#isWanted(kind));
  }

  heard(notices: readonly Notice[]): void {
    if (this.#closed.signal.aborted) return;
    const bootMs = this.#deps.clock.boot();
    for (const notice of notices) if (this.#isWanted(notice.kind)) this.#levels.take(notice, bootMs);
  }

  lost(): void {
    this.#levels.lost(this.#deps.clock.boot());
  }

  note(note: string | null): void {
    if (note === this.#note) return;
    this.#note = note;
    this.#deps.onChange();
  }

  /** Once a second. */
  tick(): void {
    const bootMs = this.#deps.clock.boot();
    this.#levels.tick(bootMs);
    for (const [kind, lasting] of this.#lasting) {
      this.#linkRecording(kind, lasting);
      if (!lasting.pictured && bootMs - lasting.startBootMs >= pictureWaitMs) void this.#picture(kind, lasting);
    }
  }

  /** What lasts ends; pictures still being made are given up. */
  close(): void {
    this.#levels.stop(this.#deps.clock.boot());
    this.#closed.abort();
  }

  #isWanted(kind: NoticeKind): boolean {
    return this.#settings.enabled && this.#settings.kinds.includes(kind);
  }

  #began(kind: NoticeKind, startBootMs: number): void {
    const lasting = { startBootMs, recordingKnown: false, pictured: false };
    this.#lasting.set(kind, lasting);
    this.#deps.recording.because(kind).motionStarted({ startBootMs, boxes: [], score: 0 });
    this.#deps.journal.noticeStarted(this.#cameraId, { kind, startBootMs, message: saw[kind] });
    this.#linkRecording(kind, lasting);
    this.#deps.onChange();
  }

  #ended(kind: NoticeKind, endBootMs: number): void {
    const lasting = this.#lasting.get(kind);
    if (!lasting) return;
    this.#linkRecording(kind, lasting);
    this.#lasting.delete(kind);
    this.#deps.recording.because(kind).motionEnded(endBootMs);
    this.#deps.journal.noticeEnded(this.#cameraId, { kind, startBootMs: lasting.startBootMs }, endBootMs);
    this.#deps.onChange();
  }

  /** The recorder opens its file a moment after it was told. */
  #linkRecording(kind: NoticeKind, lasting: LastingNotice): void {
    const { startBootMs } = lasting;
    const recordingId = lasting.recordingKnown ? null : this.#deps.recording.because(kind).recordingAt(startBootMs);
    if (recordingId === null) return;
    lasting.recordingKnown = true;
    this.#deps.journal.noticeRecording(this.#cameraId, { kind, startBootMs }, recordingId);
  }

  async #picture(kind: NoticeKind, lasting: LastingNotice): Promise<void> {
    const { startBootMs } = lasting;
    lasting.pictured = true;
    const moment = this.#deps.thrift().noEventPictures ? null : this.#deps.pictures.at(startBootMs + pictureAfterMs);
    if (!moment) return;
    const jpeg = await eventPicture(moment, { ...this.#deps, cameraId: this.#cameraId, signal: this.#closed.signal });
    if (jpeg) this.#deps.journal.noticePicture(this.#cameraId, { kind, startBootMs }, jpeg);
  }
}
